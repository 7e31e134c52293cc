import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { type AgentTask, tasksIn } from './agent-tasks.ts';
import { fitted } from './layout.ts';
import { Mistake, Refused, type Terminal } from './words.ts';

const MICRO = 1_000_000;

/** `governor agents`: cost, latency and how often a person was needed, by agent, model and prompt version. */
export function addAgentCommands(program: Command, usualLog: string, terminal: Terminal): void {
  program
    .command('agents')
    .argument('[log]', 'a decision log; - reads standard input', usualLog)
    .option('--process <name>', 'of one process')
    .option('--json', 'one JSON array')
    .description('what each agent has cost, how long it took and how often it needed a person, the dearest first')
    .action(async (log: string, { json, process: name }: { json?: true; process?: string }) => {
      if (log !== '-' && !existsSync(log)) throw new Mistake(`There is no decision log ${log}. Name the file.`);
      const input = log === '-' ? process.stdin : createReadStream(log);
      const tasks = await tasksIn(createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }), name);
      if (json) return terminal.out(JSON.stringify(tasks));
      if (tasks.length === 0) throw new Refused('No agent has decided anything there.');
      terminal.out(fitted([HEAD, ...rowsOf(tasks)], terminal.columns));
    });
}

const HEAD = ['agent and its models', 'done', 'calls', 'USD each', 'p50 s', 'p95 s', 'sure', 'ask %', 'fail %'];

/** The agents in the order of their dearest task. */
const rowsOf = (tasks: readonly AgentTask[]): string[][] =>
  [...Map.groupBy(tasks, ({ agent }) => agent)].flatMap(([agent, own]) => [[agent], ...own.map(rowOf)]);

function rowOf({ model, prompt, decisions, modelCalls, costMicroUsd, proposeMs, confidence, ...counts }: AgentTask) {
  const share = (count: number): string => (count === 0 ? '0' : ((100 * count) / decisions).toFixed(1));
  return [
    `· ${model} ${prompt}`,
    String(decisions),
    (modelCalls / decisions).toFixed(2),
    (costMicroUsd / decisions / MICRO).toFixed(6),
    (proposeMs.p50 / 1000).toFixed(1),
    (proposeMs.p95 / 1000).toFixed(1),
    confidence === undefined ? '' : confidence.toFixed(2),
    share(counts.asked),
    share(counts.failed),
  ];
}
