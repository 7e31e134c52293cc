import { Failed, fail } from '../../contracts/failures.ts';
import type { Values } from '../ledger.ts';
import { badAnswer, rejected } from '../trouble.ts';
import { saysError } from '../web-adapter.ts';
import type { ForeignTool, Source } from './map.ts';

/** What a server of others answered: data where it gave any, and its texts. */
export interface ForeignAnswer {
  readonly data: unknown;
  readonly texts: readonly string[];
}

/** Our call in their words. What our call leaves out is left out; a text that needs it is refused. */
export function theirArguments({ arguments: sources }: ForeignTool, call: Values): Values {
  const entries = Object.entries(sources).map(([name, source]) => [name, fromCall(source, call)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/**
 * Their answer in our words, not yet held against the contract.
 * @throws Failed ErrorInAnswer where it is an error that says it is a success, BadAnswer where a text is not the JSON it
 *   should be
 */
export function ourAnswer(name: string, foreign: ForeignTool, call: Values, answered: ForeignAnswer): Values {
  const theirs = answered.data ?? parsedText(answered.texts[0]) ?? answered.texts.join('\n');
  refuseErrors(name, foreign, theirs);
  const inner = foreign.json === undefined ? theirs : jsonAt(name, foreign.json, theirs);
  if (saysError(inner)) throw errorInAnswer(name, foreign);
  const entries = Object.entries(foreign.answer).map(([field, source]) => [field, fromAnswer(source, call, inner)]);
  return Object.fromEntries(entries);
}

function refuseErrors(name: string, foreign: ForeignTool, theirs: unknown): void {
  const found = foreign.errors.some(({ at, is, contains }) => {
    const value = at === '' ? theirs : stepInto(theirs, at);
    if (contains !== undefined) return typeof value === 'string' && value.includes(contains);
    return is === undefined ? Boolean(value) : value === is;
  });
  if (found || saysError(theirs)) throw errorInAnswer(name, foreign);
}

const errorInAnswer = (name: string, { server, tool }: ForeignTool): Failed =>
  new Failed(
    fail('ErrorInAnswer', 'The answer is an error that says it is a success.', { system: name, server, theirs: tool }),
  );

function fromAnswer(source: Source, call: Values, theirs: unknown): unknown {
  return 'answer' in source ? stepInto(theirs, source.answer) : fromCall(source, call);
}

function fromCall(source: Exclude<Source, { answer: string }>, call: Values): unknown {
  if ('value' in source) return source.value;
  const value = stepInto(call, source.argument);
  const { prefix = '', suffix = '' } = source;
  if (prefix === '' && suffix === '') return value;
  if (typeof value !== 'string' && typeof value !== 'number')
    throw rejected('the call leaves out what the server of others needs', { argument: source.argument });
  return `${prefix}${value}${suffix}`;
}

/** What is there, by its own names alone; undefined where nothing is. */
export function stepInto(value: unknown, path: string): unknown {
  if (path === '') return value;
  return path.split('.').reduce<unknown>((inner, step) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, step)) return undefined;
    return (inner as Record<string, unknown>)[step];
  }, value);
}

function jsonAt(name: string, path: string, theirs: unknown): unknown {
  const text = stepInto(theirs, path);
  const value = typeof text === 'string' ? parsedText(text) : undefined;
  if (value === undefined) throw badAnswer(name, path || '$');
  return value;
}

function parsedText(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
