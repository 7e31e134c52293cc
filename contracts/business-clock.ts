import { z } from 'zod';

/** When people work. Hours are UTC. */
export const BusinessClock = z
  .strictObject({
    /** 0 is Sunday. */
    days: z.array(z.int().min(0).max(6)).min(1).max(7),
    fromHour: z.int().min(0).max(23),
    toHour: z.int().min(1).max(24),
    holidays: z.array(z.iso.date()).max(100),
  })
  .refine(({ fromHour, toHour }) => fromHour < toHour, 'has to end after it begins');
export type BusinessClock = z.output<typeof BusinessClock>;
