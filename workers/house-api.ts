import { existsSync } from 'node:fs';
import type { EmbeddedKeys } from '../client/http/access/embedded-people.ts';
import type { AnswerKeyFiles } from '../keys/answer-files.ts';
import { housePeople } from './access.ts';
import type { Child } from './child.ts';
import type { Config } from './config.ts';

/** The API of a house, with the desk's page. */
export interface HouseApi {
  /** Where people open the desk. */
  readonly deskUrl: string;
  /** Name → key, of people for trying; nothing where the house has keys of its own. For terminals only. */
  readonly people?: EmbeddedKeys;
}

export interface HouseApiSettings {
  readonly keys: AnswerKeyFiles;
  /** What all processes of the house get. */
  readonly settings: Readonly<Record<string, string>>;
  readonly uiUrl: string | undefined;
  readonly start: (settings: Readonly<Record<string, string>>) => Child;
}

/** Starts the API beside the house's other processes; it alone gets what signs people's answers. */
export async function startHouseApi(
  config: Config,
  { keys, settings, uiUrl, start }: HouseApiSettings,
): Promise<HouseApi> {
  const people = await housePeople(config, config.api.host);
  const api = start({
    ...settings,
    ANSWER_SIGNING_KEY_FILE: existsSync(keys.signing) ? keys.signing : '',
    TEMPORAL_UI_URL: config.api.uiUrl ?? uiUrl ?? '',
  });
  await api.ready;
  const deskUrl = config.api.isElsewhere ? config.api.deskUrl : `http://127.0.0.1:${settings['API_PORT']}`;
  return { deskUrl, ...(people ? { people } : {}) };
}

/** How somebody gets to the desk, in lines for a terminal; keys are shown where a person looks on, and nowhere else. */
export function describeDesk({ deskUrl, people }: HouseApi, isTerminal: boolean): string[] {
  const first = `The desk is at ${deskUrl}/desk/, the API at ${deskUrl}/v1/ (docs/http-api.md).`;
  if (!people) return [first, 'Sign in with a key of your own: npm run governor -- access key add'];
  if (!isTerminal) return [first, 'Keys of three people for trying are in the state folder, in keys/people.json.'];
  const width = Math.max(...Object.keys(people).map((name) => name.length));
  return [first, 'Keys for trying:', ...Object.entries(people).map(([name, key]) => `  ${name.padEnd(width)}  ${key}`)];
}
