import { z } from 'zod';
import { Role } from './roles.ts';

/** People of one role, how long they are asked alone, and how many of them have to say yes. */
export const Rung = z.strictObject({
  role: Role,
  /** Hours of business where the policy has a calendar. */
  hours: z.number().positive().max(720),
  /** Different people who have to say yes; 1 where it is not said. Two make four eyes. */
  needed: z.int().min(1).max(3).optional(),
});
export type Rung = z.output<typeof Rung>;

/** Who is asked, for how long, and who is next when nobody answers. The end of the last rung is a no. */
export const Ladder = z.array(Rung).min(1).max(4);
export type Ladder = z.output<typeof Ladder>;
