import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { agents } from '../../agents/index.ts';
import type { Finding } from '../../client/cli/doctor-command.ts';
import { Failed } from '../../contracts/failures.ts';
import { TASK_QUEUE } from '../../contracts/messages.ts';
import { describeProvider } from '../../models/index.ts';
import { openReleaseDesk } from '../../prompts/desk.ts';
import { answerKeyFiles } from '../answer-keys.ts';
import { placeOfCases } from '../cli-server.ts';
import type { Config } from '../config.ts';
import { findHouses, type RunningHouse } from '../house-note.ts';
import { lookAtDisk, lookAtNode, lookAtPackages, lookAtPorts } from './machine.ts';
import { lookAtApi, lookAtTools } from './neighbours.ts';
import { type KeyFiles, lookAtAnswerKeys, lookAtModes } from './secrets.ts';
import { lookAtServer } from './server.ts';

const CONNECT_PATIENCE_MS = 3000;

/** What can be looked at without a configuration, with what is wrong with it. */
export const examineWithout = (problems: readonly string[]): Finding[] => [
  lookAtNode(process.versions.node),
  lookAtPackages(),
  ...problems.map(
    (problem): Finding => ({
      subject: 'settings',
      state: 'wrong',
      says: problem,
      mend: '.env.example tells what each variable means.',
    }),
  ),
];

/** Looks at everything that this installation needs. Changes nothing, starts no case, and asks no model. */
export async function examine(config: Config): Promise<Finding[]> {
  const [house] = config.temporal.address ? [] : await findHouses(config.stateDir);
  const stateDir = house?.stateDir ?? config.stateDir;
  return [
    lookAtNode(process.versions.node),
    lookAtPackages(),
    { subject: 'settings', state: 'good', says: `profile ${config.profile}` },
    await lookAtDisk(stateDir),
    ...(config.profile === 'embedded' ? [await lookAtPorts(config.ports, house)] : []),
    ...(await lookAtReleases(config.promptsDir)),
    lookAtModels(config.models),
    lookAtAnswerKeys(answerKeys(config, stateDir)),
    lookAtModes(secretFiles(config, stateDir)),
    ...(await serverFindings(config)),
    ...(await neighbourFindings(config, house)),
  ];
}

async function serverFindings(config: Config): Promise<Finding[]> {
  const place = await placeOfCases(config);
  if (!place)
    return unreachable(
      `Nothing runs on ${config.stateDir}, and TEMPORAL_ADDRESS names no server.`,
      'npm run dev starts everything; or set TEMPORAL_ADDRESS.',
    );
  const { connectionOptions, namespace } = config.temporal;
  const options = { ...connectionOptions, address: place.address, connectTimeout: CONNECT_PATIENCE_MS };
  const connection = await Connection.connect(options).catch(() => undefined);
  if (!connection)
    return unreachable(
      `No server answers at ${place.address}.`,
      'Start it, or look at TEMPORAL_ADDRESS, TEMPORAL_API_KEY and TEMPORAL_TLS_….',
    );
  try {
    const families = await familyQueues(config.promptsDir);
    return await lookAtServer({ connection, namespace, address: place.address, families });
  } finally {
    await connection.close();
  }
}

/** A release that is broken has a finding of its own. */
async function familyQueues(promptsDir: string): Promise<string[]> {
  const desk = openReleaseDesk(promptsDir, agents);
  try {
    const rows = Object.values((await desk.release(await desk.currentId())).agents);
    return [...new Set(rows.map(({ taskQueue }) => taskQueue))].filter((queue) => queue !== TASK_QUEUE);
  } catch (error) {
    if (error instanceof Failed) return [];
    throw error;
  }
}

const unreachable = (says: string, mend: string): Finding[] => [
  { subject: 'Temporal', state: 'wrong', says, mend },
  ...['search attributes', 'workers', 'clock'].map(
    (subject): Finding => ({ subject, state: 'skipped', says: 'not without a Temporal server' }),
  ),
];

async function neighbourFindings({ tools, api, cli }: Config, house: RunningHouse | undefined): Promise<Finding[]> {
  const url = house?.toolsUrl ?? tools.url;
  // The token of a house is in no file that we could read.
  const token = house?.toolsUrl ? undefined : tools.token;
  const apiUrl = cli.apiUrl ?? house?.apiUrl ?? api.ownUrl ?? (api.isElsewhere ? api.deskUrl : undefined);
  const none: Finding = { subject: 'tools', state: 'note', says: 'TOOLS_URL is not set: a worker starts its own.' };
  return [url ? await lookAtTools(url, token) : none, ...(apiUrl ? [await lookAtApi(apiUrl)] : [])];
}

async function lookAtReleases(promptsDir: string): Promise<Finding[]> {
  const subject = 'release';
  const desk = openReleaseDesk(promptsDir, agents);
  try {
    const id = await desk.currentId();
    const problems = await desk.check(id);
    if (problems.length === 0) return [{ subject, state: 'good', says: `new cases take ${id}` }];
    return problems.map((says) => ({
      subject,
      state: 'wrong',
      says,
      mend: 'npm run governor -- release list, then release use one that is good.',
    }));
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    return [{ subject, state: 'wrong', says: error.message, mend: 'Look at PROMPTS_DIR.' }];
  }
}

function lookAtModels(models: Config['models']): Finding {
  const subject = 'models';
  try {
    return { subject, state: 'good', says: describeProvider(models) };
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    return { subject, state: 'wrong', says: error.message, mend: 'Look at PRICES_FILE and OPENAI_BASE_URL.' };
  }
}

/** Those that are configured, and those that lie where a house makes them; a process that signs nothing has no private one. */
function answerKeys({ profile, answers }: Config, stateDir: string): KeyFiles {
  const files = answerKeyFiles({ stateDir, answers });
  const isMeant = (file: string, configured: string | undefined): boolean =>
    configured !== undefined || existsSync(file);
  const mustCheck = profile === 'production' || isMeant(files.public, answers.publicFile);
  return {
    ...(isMeant(files.signing, answers.signingFile) ? { signing: files.signing } : {}),
    ...(mustCheck ? { public: files.public } : {}),
  };
}

const secretFiles = ({ access, answers, payloads }: Config, stateDir: string): string[] => [
  join(stateDir, 'webhook-secret'),
  join(stateDir, 'tools-settings.json'),
  answers.signingFile ?? join(stateDir, 'keys', 'answer-signing.json'),
  join(stateDir, 'keys', 'people.json'),
  access.keysFile,
  ...(payloads.keysFile ? [payloads.keysFile] : []),
];
