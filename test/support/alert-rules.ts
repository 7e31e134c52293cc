import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const OPS = join(import.meta.dirname, '..', '..', 'ops');

const Labels = z.record(z.string(), z.string());
const Rule = z.union([
  z.strictObject({
    alert: z.string(),
    expr: z.string(),
    for: z.string().optional(),
    labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
    annotations: z.strictObject({ summary: z.string().min(20), runbook: z.string() }),
  }),
  z.strictObject({ record: z.string(), expr: z.string(), labels: Labels }),
]);
const Rules = z.strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(Rule) })) });

const Cases = z.looseObject({
  tests: z.array(
    z.looseObject({
      name: z.string(),
      alert_rule_test: z.array(
        z.strictObject({ alertname: z.string(), eval_time: z.string(), exp_alerts: z.array(z.unknown()) }),
      ),
    }),
  ),
});

/** A file under `ops/`, as text. */
export const opsFile = (...path: readonly string[]): string => readFileSync(join(OPS, ...path), 'utf8');

export const alertRules = () =>
  Rules.parse(parse(opsFile('prometheus', 'alerts.yml'))).groups.flatMap(({ rules }) => rules);

export const alertCases = () => Cases.parse(parse(opsFile('prometheus', 'alerts.test.yml'))).tests;

/** The names of metrics in a query; those of rules that record have a colon. */
export const metricsIn = (query: string): string[] =>
  query.match(/\b(governor_[a-z_]+|temporal_[a-z_]+|governor:[a-z_]+|up)(?=\{|\[|\)|\s|$)/g) ?? [];
