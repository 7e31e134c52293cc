import type { OpenRequest } from '../../contracts/messages.ts';

const HOUR_MS = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR_MS).toISOString();

/** A request with everything that one can have; what matters to a test is changed. */
export const fullRequest = (change: Partial<OpenRequest> = {}): OpenRequest => ({
  approval: 'createAccount-1',
  kind: 'proposal',
  step: 'createAccount',
  role: 'compliance',
  asks: 'May createAccount call accounts.create? The model was not sure.',
  subject: 'C-1042',
  tier: 'compliance',
  rule: 'below-floor',
  why: 'The model was 50 % sure, and the floor is 80 %.',
  risk: 'medium',
  consequence: 'An account is opened.',
  reversible: true,
  call: { customerId: 'C-1042', plan: 'starter', displayName: 'Ada' },
  editable: ['plan'],
  missing: [],
  answers: ['approve', 'edit', 'reject'],
  moves: ['ask-info', 'delegate', 'escalate', 'claim'],
  confidence: 0.5,
  prompt: 'v2',
  model: 'claude-haiku-4-5',
  policy: 'standard-1',
  costMicroUsd: 4120,
  digest: 'ab12'.repeat(16),
  askedAt: inHours(-1),
  until: inHours(3),
  due: inHours(27),
  ladder: [
    { role: 'compliance', until: inHours(3), needed: 1 },
    { role: 'operations', until: inHours(27), needed: 1 },
  ],
  needed: 1,
  yeses: [],
  barred: ['marta.lindqvist'],
  remarks: [],
  command: "temporal workflow update execute --workflow-id my-case --name answer --input '{}'",
  ...change,
});
