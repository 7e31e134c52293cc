import { z } from 'zod';

/** In what capacity people are asked and told. */
export const ROLES = [
  'operations',
  'compliance',
  'manager',
  'director',
  'support-lead',
  'sales-desk',
  'customer',
] as const;
export const Role = z.enum(ROLES);
export type Role = z.output<typeof Role>;
