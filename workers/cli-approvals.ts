import { openApiApprovals } from '../client/cli/api-approvals.ts';
import type { WithApprovals } from '../client/cli/approval-desk.ts';
import { openTemporalApprovals } from '../client/cli/temporal-approvals.ts';
import { Mistake, type Terminal } from '../client/cli/words.ts';
import { PromptFiles } from '../prompts/files.ts';
import { accessIn } from './access-settings.ts';
import { type PlaceOfCases, placeOfCases, withServer } from './cli-server.ts';
import { embeddedSpeaker } from './cli-speaker.ts';
import type { Config } from './config.ts';

/** Where the Temporal CLI looks by itself. */
const USUAL_ADDRESS = '127.0.0.1:7233';

/** By the API where we have a key of it; else by Temporal itself, with the keys of the house on this machine. */
export const approvalsOf =
  (config: Config, terminal: Pick<Terminal, 'choose'>): WithApprovals =>
  async (as, use) => {
    const { apiKey, apiUrl } = config.cli;
    if (apiKey) {
      if (as) throw new Mistake('Leave out --as: with GOVERNOR_API_KEY, whoever that key belongs to answers.');
      const url = apiUrl ?? (await placeOfCases(config))?.apiUrl;
      if (!url) throw new Mistake('Say where the API is: GOVERNOR_API_URL. No house with one runs on this machine.');
      return use(openApiApprovals({ key: apiKey, url }));
    }
    return withServer(config, ({ client, governor, place }) => {
      const here = inHouse(config, place);
      return use(
        openTemporalApprovals({
          client,
          governor,
          directory: async () => (await new PromptFiles(config.promptsDir).directory()).people,
          speaker: (request) => embeddedSpeaker(here, as, request, terminal.choose),
          cli: { program: 'temporal', options: cliOptions(config, place) },
        }),
      );
    });
  };

/** The configuration of the house that was found, which may live in a folder under ours. */
function inHouse(config: Config, { stateDir = config.stateDir }: PlaceOfCases): Config {
  if (stateDir === config.stateDir) return config;
  return { ...config, stateDir, access: accessIn(stateDir), answers: {} };
}

/** What the Temporal CLI has to be told to find the same server. */
function cliOptions({ temporal }: Config, { address }: PlaceOfCases): string[] {
  const isTold = temporal.address === address || address === USUAL_ADDRESS;
  return [
    ...(isTold ? [] : ['--address', address]),
    ...(temporal.namespace === 'default' ? [] : ['--namespace', temporal.namespace]),
  ];
}
