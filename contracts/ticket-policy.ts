import { z } from 'zod';
import { BusinessClock } from './business-clock.ts';
import { Role } from './roles.ts';
import { Intent, Priority, TRIAGE_RULES } from './tickets.ts';

const Name = z.string().regex(/^[a-z][a-z-]{1,39}$/);

const Queue = z.strictObject({
  queue: Name,
  intents: z.array(Intent).max(60),
  /** Who is paged before an answer is late. */
  owner: Role,
});

/** Beats whatever a model says. */
const HardRule = z.strictObject({
  rule: Name,
  queue: Name,
  priority: Priority,
  /** Whole words, in any case and with or without accents. */
  phrases: z.array(z.string().min(3).max(80)).max(100),
  /** Addresses, or hosts of addresses, of customers who have people of their own. */
  senders: z.array(z.string().min(3).max(250)).max(500),
});

/** Minutes until the first answer. Those of `urgent` run day and night, all others in business hours. */
const Minutes = z.int().min(5).max(30_000);

/** Here nothing but a person can tell where a message belongs. */
const INEVITABLE = TRIAGE_RULES.filter((rule) => rule !== 'split-intents' && rule !== 'queue-disagrees');

export const TicketPolicy = z.strictObject({
  queues: z.array(Queue).min(1).max(40),
  /** Why a message goes to people who sort. What is not named here is not looked for, where that is a choice. */
  triage: z.strictObject({
    owner: Role,
    rules: z
      .array(z.enum(TRIAGE_RULES))
      .refine((rules) => INEVITABLE.every((rule) => rules.includes(rule)), `has to name ${INEVITABLE.join(', ')}`),
  }),
  hardRules: z.array(HardRule).max(20),
  /** Below this a person sorts. */
  confidenceFloor: z.number().min(0).max(1),
  /** A second intent as sure as this, of another queue, splits the message. */
  splitFloor: z.number().min(0).max(1),
  /** The most that a model may ask for; more takes a hard rule. */
  highestPriority: Priority,
  answerWithinMinutes: z.strictObject({ low: Minutes, normal: Minutes, high: Minutes, urgent: Minutes }),
  /** Share of the time after which the owner is paged. */
  pageAt: z.number().min(0.1).max(0.99),
  clock: BusinessClock,
  /** More messages than this of one sender with one subject within the minutes are a loop. */
  loop: z.strictObject({ messages: z.int().min(1).max(100), minutes: z.int().min(1).max(1440) }),
  /** The same words of the same sender within these minutes are the same message. */
  sameWithinMinutes: z.int().min(0).max(10_000),
});
export type TicketPolicy = z.output<typeof TicketPolicy>;
