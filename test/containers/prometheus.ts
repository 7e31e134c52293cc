import { z } from 'zod';

/** Asks Prometheus, in the words of its HTTP API. */
async function ask<S extends z.ZodType>(url: string, path: string, data: S): Promise<z.output<S>> {
  const response = await fetch(`${url}/api/v1/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return data.parse(((await response.json()) as { data: unknown }).data);
}

const Targets = z.object({
  activeTargets: z.array(z.object({ labels: z.object({ job: z.string() }), health: z.string() })),
});

/** How many of each job answer. */
export async function whoIsUp(url: string): Promise<Record<string, number>> {
  const { activeTargets } = await ask(url, 'targets', Targets);
  const jobs = activeTargets.filter(({ health }) => health === 'up').map(({ labels }) => labels.job);
  return Object.fromEntries([...Map.groupBy(jobs, (job) => job)].map(([job, all]) => [job, all.length]));
}

const Rules = z.object({
  groups: z.array(z.object({ rules: z.array(z.object({ name: z.string(), health: z.string() })) })),
});

/** The name of each rule, and how it is. */
export async function rulesOf(url: string): Promise<string[]> {
  const { groups } = await ask(url, 'rules', Rules);
  return groups.flatMap(({ rules }) => rules.map(({ name, health }) => `${name} ${health}`)).sort();
}

const Exemplars = z.array(z.object({ exemplars: z.array(z.object({ labels: z.record(z.string(), z.string()) })) }));

/** The traces that the samples of a metric name, of the last hour. */
export async function tracesNamedBy(url: string, metric: string): Promise<string[]> {
  const now = Date.now() / 1000;
  const found = await ask(url, `query_exemplars?query=${metric}&start=${now - 3600}&end=${now}`, Exemplars);
  return found.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels['trace_id'] ?? ''));
}

const Alerts = z.object({
  alerts: z.array(z.object({ labels: z.record(z.string(), z.string()), state: z.string() })),
});

/** The alerts that fire, each with its job. */
export async function alertsThatFire(url: string): Promise<string[]> {
  const { alerts } = await ask(url, 'alerts', Alerts);
  const firing = alerts.filter(({ state }) => state === 'firing');
  return firing.map(({ labels }) => `${labels['alertname']} ${labels['job'] ?? ''}`.trim());
}
