import type { Links } from './shapes.ts';

/** Where the other things of a case are. */
export function linksOf(caseId: string): Links {
  const self = `/v1/cases/${encodeURIComponent(caseId)}`;
  return {
    self,
    result: `${self}/result`,
    events: `${self}/events`,
    timeline: `${self}/timeline`,
    decisions: `${self}/decisions`,
    cancel: `${self}/cancel`,
  };
}
