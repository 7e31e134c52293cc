/** @import { AnswerVerdict, Move, RequestKind } from './types.ts' */
import { shownText } from './odd.js';

// How sums, times and the design's words are written for people.

/** Currencies that do not have two digits after the point. */
const DIGITS = new Map(Object.entries({ BHD: 3, JPY: 0, KRW: 0, KWD: 3, TND: 3 }));

/**
 * `{ minor: 81240, currency: 'USD' }` → `812.40 USD`, exactly: no rounding, no guess at a locale.
 * @param {{ minor: number, currency: string }} amount
 */
export function showAmount({ minor, currency }) {
  const digits = DIGITS.get(currency) ?? 2;
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, '\u2009');
  return `${minor < 0 ? '−' : ''}${whole}${digits ? `.${text.slice(-digits)}` : ''} ${shownText(currency)}`;
}

/**
 * Micro-dollars: `4120` → `$0.00412`.
 * @param {number} micro
 */
export function showUsd(micro) {
  const [dollars, fraction = ''] = (micro / 1_000_000).toFixed(6).split('.');
  return `$${dollars}.${fraction.replace(/0+$/, '').padEnd(2, '0')}`;
}

/** @param {number} share from 0 to 1 */
export const showShare = (share) => `${Math.round(share * 100)} %`;

/**
 * A length of time in its two largest units.
 * @param {number} ms
 */
export function showSpan(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/**
 * An instant in the reader's own time zone, or the text itself where it is none.
 * @param {string | undefined} iso
 */
export function showWhen(iso) {
  const at = new Date(iso ?? '');
  return Number.isNaN(at.getTime()) ? (iso ?? '') : WHEN.format(at);
}

/** @type {Readonly<Record<AnswerVerdict | Move, { label: string, tone: 'yes' | 'no' | 'calm' }>>} */
export const SAY = {
  approve: { label: 'Approve', tone: 'yes' },
  edit: { label: 'Edit', tone: 'calm' },
  reject: { label: 'Reject', tone: 'no' },
  'go-on': { label: 'Go on', tone: 'yes' },
  retry: { label: 'Try again', tone: 'yes' },
  skip: { label: 'Skip this step', tone: 'calm' },
  abort: { label: 'End the case', tone: 'no' },
  raise: { label: 'Raise the budget', tone: 'yes' },
  stop: { label: 'Stop the case', tone: 'no' },
  split: { label: 'Split the order', tone: 'yes' },
  'back-order': { label: 'Order the rest later', tone: 'yes' },
  drop: { label: 'Leave out what is missing', tone: 'yes' },
  decline: { label: 'Decline', tone: 'no' },
  'request-changes': { label: 'Request changes', tone: 'no' },
  'ask-info': { label: 'Ask for information', tone: 'calm' },
  inform: { label: 'Answer the question', tone: 'calm' },
  delegate: { label: 'Delegate', tone: 'calm' },
  escalate: { label: 'Escalate', tone: 'calm' },
  claim: { label: 'Claim', tone: 'calm' },
  release: { label: 'Release', tone: 'calm' },
};

/** Answers that are nothing without their words. */
export const NEEDS_WORDS = new Set(['reject', 'decline', 'request-changes', 'ask-info', 'inform', 'escalate']);

/** @param {string} verdict */
export const labelOf = (verdict) => Object.entries(SAY).find(([name]) => name === verdict)?.[1].label ?? verdict;

/** @type {Readonly<Record<RequestKind, string>>} */
export const KINDS = {
  proposal: 'a call to make',
  finding: 'a finding',
  exception: 'something failed',
  budget: 'more budget',
  confirmation: 'a confirmation',
  shortage: 'a shortage',
  approval: 'an approval',
};

/**
 * What a request is about, without the id of its case, which is said elsewhere.
 * @param {{ subject: string, case: string }} row
 */
export const subjectOf = ({ subject, case: caseId }) =>
  subject.startsWith(`${caseId} `) ? subject.slice(caseId.length + 1) : subject;

/**
 * `approveExpense` → `approve expense`.
 * @param {string} name
 */
export const inWords = (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
