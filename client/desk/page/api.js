/** @import { BulkResult, CaseStatus, Detail, Me, PastDecision, Problem, Row, Run, Said, Timeline } from './types.ts' */

import { inPath } from './dom.js';

// Everything that the page asks the server. The session's cookie goes along by itself.

/** The server said no, with words that people can act on. */
export class Refusal extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.detail || problem.title);
    this.title = problem.title;
    this.status = problem.status;
    this.decidedBy = problem.decidedBy;
    this.errors = (problem.errors ?? []).map(({ field, message }) =>
      field ? `${field}: ${message}` : (message ?? ''),
    );
  }
}

/** What the page hears when nobody is signed in any more. */
export const SIGNED_OUT = 'governor-signed-out';
const SESSION = '/desk/session';

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<any>}
 */
async function call(path, init = {}) {
  const response = await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...init }).catch(() => {
    throw new Refusal({ title: 'No answer', status: 0, detail: 'The server cannot be reached. Nothing was changed.' });
  });
  if (response.status === 204) return undefined;
  const body = await response.json().catch(() => undefined);
  if (response.ok) return body;
  // The session has ended, by its time or in another tab. Whoever tries to sign in hears of it themselves.
  if (response.status === 401 && path !== SESSION) dispatchEvent(new Event(SIGNED_OUT));
  throw new Refusal({ title: `Error ${response.status}`, status: response.status, ...body });
}

/**
 * @param {string} path
 * @param {unknown} body
 */
const send = (path, body) =>
  call(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** @param {Readonly<Record<string, string | number | undefined>>} query */
function queryOf(query) {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return set.length ? `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)]))}` : '';
}

/**
 * @param {string} caseId
 * @param {string} approval
 */
const place = (caseId, approval) => `/v1/approvals/${inPath(caseId)}/${inPath(approval)}`;

export const api = {
  /** @returns {Promise<Me>} */
  me: () => call('/v1/me'),
  /** @param {string} key */
  signIn: (key) => send(SESSION, { key }),
  signOut: () => call(SESSION, { method: 'DELETE' }),
  /**
   * @param {Readonly<Record<string, string | number | undefined>>} query
   * @returns {Promise<{ approvals: Row[], next?: string }>}
   */
  approvals: (query) => call(`/v1/approvals${queryOf(query)}`),
  /**
   * @param {string} caseId
   * @param {string} approval
   * @returns {Promise<Detail>}
   */
  approval: (caseId, approval) => call(place(caseId, approval)),
  /**
   * @param {string} caseId
   * @param {string} approval
   * @param {Said} said
   */
  answer: (caseId, approval, said) => send(`${place(caseId, approval)}/answers`, said),
  /**
   * @param {{ items: { case: string, approval: string, digest: string }[], verdict: string, reason?: string }} body
   * @returns {Promise<{ results: BulkResult[] }>}
   */
  bulk: (body) => send('/v1/approvals/bulk', body),
  /**
   * @param {Readonly<Record<string, string | number | undefined>>} query
   * @returns {Promise<{ cases: Run[], next?: string }>}
   */
  cases: (query) => call(`/v1/cases${queryOf(query)}`),
  /**
   * @param {string} caseId
   * @returns {Promise<CaseStatus & { case: string, run: string, uiUrl?: string }>}
   */
  status: (caseId) => call(`/v1/cases/${inPath(caseId)}`),
  /**
   * @param {string} caseId
   * @returns {Promise<Timeline>}
   */
  timeline: (caseId) => call(`/v1/cases/${inPath(caseId)}/timeline`),
  /**
   * @param {string} caseId
   * @returns {Promise<{ decisions: PastDecision[] }>}
   */
  decisions: (caseId) => call(`/v1/cases/${inPath(caseId)}/decisions`),
};
