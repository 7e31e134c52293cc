import { isCurrency, showAmount } from '../../contracts/amounts.ts';
import type { OpenRequest, Recommendation, RequestSummary } from '../../contracts/messages.ts';
import { showUsd } from '../../contracts/money.ts';
import type { ShownRequest, Waiting } from './approval-desk.ts';
import { left, minute } from './case-views.ts';
import { facts, paragraph } from './layout.ts';
import { ourCommand } from './shell.ts';

/** Digits of the digest that a command names. */
export const DIGEST_DIGITS = 12;

/** What waits for somebody: two names to copy, what it is, and until when. */
export function describeWaiting(waiting: readonly Waiting[], columns?: number): string {
  if (waiting.length === 0) return 'Nothing waits for anybody.';
  const head = waiting.length === 1 ? 'One request waits.' : `${waiting.length} requests wait.`;
  return [head, ...waiting.map((each) => describeRow(each, columns))].join('\n\n');
}

function describeRow(waiting: Waiting, columns?: number): string {
  const { approval, process, kind, role, named, risk, until, amount, advice, confidence, claimedBy, held } = waiting;
  const whose = named ? named.join(' or ') : role;
  const marks = [
    `${process} · ${kind} · ${whose} · ${risk} risk`,
    ...(amount ? [amountOf(amount)] : []),
    held ? 'waits for the requester' : left(until),
    ...(advice ? [`advice: ${advice}${sureness(confidence)}`] : []),
    ...(claimedBy ? [`claimed by ${claimedBy}`] : []),
  ];
  return [
    `${waiting.case}  ${approval}`,
    paragraph(marks.join(' · '), '  ', columns),
    paragraph(waiting.asks, '  ', columns),
  ].join('\n');
}

const sureness = (confidence: number | undefined): string =>
  confidence === undefined ? '' : ` (${Math.round(confidence * 100)} %)`;

const amountOf = ({ minor, currency }: NonNullable<RequestSummary['amount']>): string =>
  isCurrency(currency) ? showAmount(minor, currency) : `${minor} minor units of ${currency}`;

/** One request with everything that a decision rests on. Nothing of its call is cut. */
export function describeRequest(shown: ShownRequest, columns?: number): string {
  const { request } = shown;
  return [
    `${request.approval} of ${shown.case} (${shown.process})`,
    facts(whatItIs(request), columns),
    ...(request.recommendation ? [describeAdvice(request.recommendation, columns)] : []),
    ...(request.call ? [`The exact call:\n${describeCall(request, columns)}`] : []),
    ...(request.facts ? [`The answer rests on:\n${describeFacts(request.facts, columns)}`] : []),
    facts(whoDecides(shown), columns),
    ...(request.remarks.length > 0 ? [describeRemarks(request, columns)] : []),
    howToAnswer(shown),
  ].join('\n\n');
}

function whatItIs(request: OpenRequest): [string, string][] {
  const { asks, subject, amount, tier, rule, why, risk, consequence, reversible, confidence, prompt, model } = request;
  const made = [
    model,
    prompt && `prompt ${prompt}`,
    confidence !== undefined && `${Math.round(confidence * 100)} % sure`,
  ];
  const maker = made.filter((part) => part).join(', ');
  return [
    ['asks', asks],
    ['about', amount ? `${subject}, ${amountOf(amount)}` : subject],
    ['tier', `${tier} (${rule}): ${why}`],
    ['risk', risk],
    ['on a yes', `${consequence} ${reversible ? 'It can be undone.' : 'It cannot be undone.'}`],
    ...(maker ? [['proposed by', maker] as [string, string]] : []),
    ['policy', request.policy],
    ['spent', `${showUsd(request.costMicroUsd)} in this case until now`],
  ];
}

function describeAdvice({ verdict, confidence, evidence, clauses }: Recommendation, columns?: number): string {
  const lines = [
    `Advice, written by a model: ${verdict}${sureness(confidence)}`,
    paragraph(evidence, '  ', columns),
    ...clauses.map(({ id, says }) => paragraph(`${id}: ${says}`, '  · ', columns)),
  ];
  return lines.join('\n');
}

function describeCall({ call = {}, before, editable, missing }: OpenRequest, columns?: number): string {
  const rows = Object.entries(call).flatMap(([name, value]): [string, string][] => {
    const was = before && JSON.stringify(before[name]) !== JSON.stringify(value) ? before[name] : undefined;
    const marks = editable.includes(name) ? '   (may be edited)' : '';
    const shown = `${JSON.stringify(value)}${marks}`;
    const isEdited = before !== undefined && JSON.stringify(before[name]) !== JSON.stringify(value);
    return [
      [`  ${name}`, shown],
      ...(isEdited ? [['', `edited; the model proposed ${JSON.stringify(was) ?? 'nothing'}`] as [string, string]] : []),
    ];
  });
  return facts(
    [...rows, ...missing.map((name): [string, string] => [`  ${name}`, 'missing; an edit has to supply it'])],
    columns,
  );
}

/** What the digest covers beside the call. */
const describeFacts = (covered: NonNullable<OpenRequest['facts']>, columns?: number): string =>
  facts(
    Object.entries(covered).map(([name, value]) => [`  ${name}`, JSON.stringify(value)]),
    columns,
  );

function whoDecides({ request, mayAnswer, whyNot }: ShownRequest): [string, string][] {
  const { role, named, ladder, needed, yeses, barred, claimedBy, held, due, answers, moves } = request;
  const rungs = ladder.map(
    (rung) => `${rung.role}${rung.needed > 1 ? ` (${rung.needed} people)` : ''} until ${minute(rung.until)}`,
  );
  const optional: [string, string | undefined][] = [
    ['claimed by', claimedBy],
    [
      'yeses',
      needed > 1 ? `${yeses.length} of ${needed}${yeses.length > 0 ? `: ${yeses.join(', ')}` : ''}` : undefined,
    ],
    ['may not', barred.length > 0 ? barred.join(', ') : undefined],
    ['stands still', held ? `${held.by} has asked the requester: ${held.question}` : undefined],
    ['you', mayAnswer === false ? `may not answer: ${whyNot ?? 'you are not asked'}` : undefined],
  ];
  return [
    ['whose turn', `${named ? named.join(' or ') : role}, ${left(request.until)}`],
    ['ladder', `${rungs.join(', then ')}; no answer until ${minute(due)} is a no`],
    ...optional.flatMap(([name, words]): [string, string][] => (words === undefined ? [] : [[name, words]])),
    ['answers', answers.join(', ')],
    ...(moves.length > 0 ? [['or', moves.join(', ')] as [string, string]] : []),
    ['digest', request.digest],
  ];
}

function describeRemarks({ remarks }: OpenRequest, columns?: number): string {
  const lines = remarks.map(({ at, by, verdict, words, to }) =>
    paragraph(`${minute(at)} ${by}: ${verdict}${to ? ` to ${to}` : ''}${words ? `, “${words}”` : ''}`, '  ', columns),
  );
  return ['What was said about it:', ...lines].join('\n');
}

function howToAnswer({ case: caseId, request }: ShownRequest): string {
  const { approval, digest, answers, missing } = request;
  const [verdict = 'reject'] = answers;
  const edits = verdict === 'edit' ? missing.flatMap((name) => ['--edit', `${name}=…`]) : [];
  const words = [
    'approvals',
    'answer',
    caseId,
    approval,
    verdict,
    ...edits,
    '--digest',
    digest.slice(0, DIGEST_DIGITS),
  ];
  return `To answer:\n  ${ourCommand(...words)}`;
}
