import { z } from 'zod';
import { Currency } from './amounts.ts';
import { Ladder } from './ladder.ts';

/** What an expense can be. The model chooses one for each line; what follows from it is the rules' to say. */
export const CATEGORIES = [
  'meals',
  'lodging',
  'transport',
  'supplies',
  'software',
  'training',
  'entertainment',
  'personal',
  'other',
] as const;
export type Category = (typeof CATEGORIES)[number];

export const RuleId = z.string().regex(/^[A-Z]{4}-[1-9][0-9]?$/);

/** What one category may cost, and where it is booked. */
export const ExpenseRule = z.strictObject({
  id: RuleId,
  category: z.enum(CATEGORIES),
  /** For the model and for people. */
  says: z.string().min(1).max(160),
  /** The most that one line may cost, in minor units of the house's currency; null where only the tiers bound it. */
  limitMinor: z.int().positive().nullable(),
  /** `ask` is always outside policy, `never` is refused without asking anybody. */
  verdict: z.enum(['covered', 'ask', 'never']),
  ledgerCodes: z
    .array(z.strictObject({ code: z.string().regex(/^[0-9]{4,6}$/), name: z.string().min(1).max(40) }))
    .max(6),
});
export type ExpenseRule = z.output<typeof ExpenseRule>;

/** Figures of the expense process, each under a ceiling that is code. Sums are minor units of `currency`. */
export const ExpensePolicy = z.strictObject({
  currency: Currency,
  /** From here on a manager decides; below, a report inside policy needs nobody. */
  managerFromMinor: z.int().min(1).max(100_000),
  /** Above this a director decides, and a manager's yes is no answer. */
  directorAboveMinor: z.int().min(1).max(1_000_000),
  /** Below this confidence of any reading nothing is automatic. */
  confidence: z.number().min(0.5).max(1),
  /** Lines from this sum on need a receipt. */
  receiptFromMinor: z.int().min(0).max(100_000),
  duplicateDays: z.int().min(1).max(365),
  /** Claims for the same merchant within so many days count together. */
  splitDays: z.int().min(1).max(90),
  /** Who is asked in each tier that needs somebody. */
  ladders: z.strictObject({ manager: Ladder, director: Ladder }),
  rules: z
    .array(ExpenseRule)
    .min(1)
    .max(CATEGORIES.length)
    .refine(
      (rules) => new Set(rules.map((rule) => rule.category)).size === rules.length,
      'one rule for each category, and no more',
    ),
});
export type ExpensePolicy = z.output<typeof ExpensePolicy>;

/** Rules that hold whatever the category is; the same words are in docs/processes/expenses.md. */
export const GENERAL_RULES = {
  missing: 'RCPT-1',
  mismatch: 'RCPT-2',
  unclear: 'RCPT-3',
  likely: 'DUPL-1',
  sure: 'DUPL-2',
  split: 'SPLT-1',
  unsure: 'CONF-1',
} as const;
