import { z } from 'zod';
import { ANSWER_VERDICTS, MOVES } from '../../contracts/decision.ts';
import type { OpenRequest } from '../../contracts/messages.ts';
import type { Said } from '../answering.ts';
import { Mistake } from './words.ts';

/** An answer as somebody typed it. */
export interface TypedAnswer {
  readonly verdict: string;
  readonly reason?: string;
  readonly edit?: readonly string[];
  readonly to?: string;
  /** US dollars. */
  readonly amount?: string;
}

const Verdict = z.enum([...ANSWER_VERDICTS, ...MOVES]);
const NEEDS_REASON: readonly string[] = ['reject', 'decline', 'request-changes', 'ask-info', 'inform', 'escalate'];
const MICRO = 1_000_000;

/**
 * What was typed, as it is sent.
 * @throws Mistake with what to type instead
 */
export function readSaid(typed: TypedAnswer, request: Pick<OpenRequest, 'call'>): Said {
  const verdict = Verdict.parse(typed.verdict);
  const { reason, to, edit = [], amount } = typed;
  if (NEEDS_REASON.includes(verdict) && !reason) throw new Mistake(`${verdict} needs words: --reason "…"`);
  if (verdict === 'delegate' && !to) throw new Mistake('delegate needs a person: --to <person>');
  if (verdict === 'edit' && edit.length === 0) throw new Mistake('edit needs what to change: --edit name=value');
  if (verdict !== 'edit' && edit.length > 0) throw new Mistake('Only the answer edit changes arguments.');
  return {
    verdict,
    ...(reason ? { reason } : {}),
    ...(to ? { to } : {}),
    ...(edit.length > 0 ? { edit: Object.fromEntries(edit.map((each) => readEdit(each, request))) } : {}),
    ...(amount === undefined ? {} : { amountMicroUsd: readAmount(amount) }),
  };
}

/** A text stays the text that was typed; of anything else the value is read as JSON where it is JSON. */
function readEdit(typed: string, { call = {} }: Pick<OpenRequest, 'call'>): [string, unknown] {
  const [, name, value] = /^([\w-]{1,100})=(.*)$/s.exec(typed) ?? [];
  if (name === undefined || value === undefined) throw new Mistake(`--edit ${typed} is not like plan=starter.`);
  if (typeof call[name] === 'string') return [name, value];
  try {
    return [name, JSON.parse(value)];
  } catch {
    return [name, value];
  }
}

function readAmount(typed: string): number {
  const amount = Math.round(Number(typed.replace(/^\$/, '')) * MICRO);
  if (/^\$?\d{1,6}(\.\d{1,6})?$/.test(typed) && amount > 0) return amount;
  throw new Mistake(`--amount ${typed} is not a sum in US dollars, as in 0.50.`);
}
