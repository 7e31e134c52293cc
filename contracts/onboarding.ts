import { z } from 'zod';

/** What starts `onboardCustomer`. */
export const OnboardingRequest = z.strictObject({
  /** The caller's own reference: one request makes at most one account, however often it is started. */
  requestId: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$/, '3 to 64 letters, digits, dots, dashes or underscores'),
  /** Who asks for it, as the directory names people. Nobody approves their own request. */
  requestedBy: z.string().min(1).max(100),
  message: z.string().min(1).max(20_000),
  /** Text of the applicant's identity document. */
  document: z.string().min(1).max(20_000),
  /** Lowers the policy's cap for this run; it never raises it. */
  capMicroUsd: z.int().positive().optional(),
});
export type OnboardingRequest = z.output<typeof OnboardingRequest>;

/** A better document, or more words, sent into a case that runs. */
export const OnboardingAmendment = z
  .strictObject({
    message: OnboardingRequest.shape.message.optional(),
    document: OnboardingRequest.shape.document.optional(),
  })
  .refine((amendment) => amendment.message ?? amendment.document, 'a message, a document or both');
export type OnboardingAmendment = z.output<typeof OnboardingAmendment>;

/** How a story without a failure ends; `rejected` and `over-budget` are every process's, see workflows/closing.ts. */
export interface Onboarded {
  readonly outcome: 'onboarded' | 'identity-refused';
  readonly why?: string;
  readonly accountId?: string;
  readonly meeting?: string;
}
