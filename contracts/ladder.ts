import { z } from 'zod';
import { Role } from './roles.ts';

/** Who is asked, for how long, and who is next when nobody answers. The end of the last rung is a no. */
export const Ladder = z
  .array(z.strictObject({ role: Role, hours: z.number().positive().max(720) }))
  .min(1)
  .max(4);
export type Ladder = z.output<typeof Ladder>;
