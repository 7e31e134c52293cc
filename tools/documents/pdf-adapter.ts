import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import type { ToolInput } from '../../contracts/tool.ts';
import type { generateDocument } from '../../contracts/tools/documents.ts';
import { rejected } from '../trouble.ts';
import { type Has, missingLetters, withoutPictures } from './letters.ts';

type Call = ToolInput<typeof generateDocument>;

const require = createRequire(import.meta.url);
const REGULAR = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const BOLD = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf');

/** Bytes that depend on the words alone: the date that PDF asks for is always this one. */
const NO_DATE = new Date(Date.UTC(2000, 0, 1));

const GREETINGS: Readonly<Record<Call['language'], Readonly<Record<Call['salutation'], string>>>> = {
  en: { formal: 'Dear', friendly: 'Hello' },
  de: { formal: 'Guten Tag', friendly: 'Hallo' },
  fr: { formal: 'Bonjour', friendly: 'Bonjour' },
  es: { formal: 'Buenos días', friendly: 'Hola' },
  pl: { formal: 'Dzień dobry', friendly: 'Cześć' },
  el: { formal: 'Καλημέρα σας', friendly: 'Γεια σου' },
  uk: { formal: 'Добрий день', friendly: 'Вітаємо' },
};

export interface Rendered {
  readonly bytes: Buffer;
  readonly pages: number;
}

/**
 * The welcome kit as PDF, in letters of every language that the contract knows. The same call gives the same bytes.
 * @throws Failed ToolRejected for letters that the font lacks: a PDF would show boxes in their place, and say nothing
 */
export async function renderDocument({ customerName, language, salutation, sections }: Call): Promise<Rendered> {
  const info = { Title: 'Welcome', Producer: 'Governor', Creator: 'Governor', CreationDate: NO_DATE, ModDate: NO_DATE };
  const pdf = new PDFDocument({ size: 'A4', margin: 64, info, lang: language, font: REGULAR });
  const has = lettersOfBoth(pdf);
  const plain = sections.map(({ heading, body }) => ({
    heading: withoutPictures(heading, has),
    body: withoutPictures(body, has),
  }));
  const missing = missingLetters(JSON.stringify([customerName, plain]), has);
  if (missing.length > 0)
    throw rejected('the font of the document lacks letters of the text', { missing: missing.length });
  const parts: Buffer[] = [];
  let pages = 1;
  pdf.on('data', (part: Buffer) => parts.push(part));
  pdf.on('pageAdded', () => {
    pages += 1;
  });
  const rendered = new Promise<Rendered>((resolve, reject) => {
    pdf.on('end', () => resolve({ bytes: Buffer.concat(parts), pages }));
    pdf.on('error', reject);
  });
  pdf.font(REGULAR).fontSize(12).text(`${GREETINGS[language][salutation]} ${customerName},`).moveDown(1.5);
  for (const { heading, body } of plain) {
    pdf.font(BOLD).fontSize(14).text(heading).moveDown(0.4);
    pdf.font(REGULAR).fontSize(11).text(body, { lineGap: 3 }).moveDown(1.2);
  }
  pdf.end();
  return rendered;
}

/** What the headings' font and the text's can draw. */
function lettersOfBoth(pdf: PDFKit.PDFDocument): Has {
  const [bold, regular] = [BOLD, REGULAR].map((font) => lettersOf(pdf.font(font)));
  return (codePoint) => bold?.(codePoint) === true && regular?.(codePoint) === true;
}

/** pdfkit keeps its font to itself, and draws an empty box for a letter that it lacks. */
function lettersOf(pdf: PDFKit.PDFDocument): Has {
  const font: unknown = Reflect.get(Object(Reflect.get(pdf, '_font')), 'font');
  const has: unknown = Reflect.get(Object(font), 'hasGlyphForCodePoint');
  if (typeof has !== 'function') throw new Error('pdfkit no longer tells which letters its font has.');
  return (codePoint) => Reflect.apply(has, font, [codePoint]) === true;
}
