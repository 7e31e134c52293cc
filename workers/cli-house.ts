import { type BreakerRow, breakersIn, lookAtHouse } from '../client/cli/house-look.ts';
import type { WithHouse } from '../client/cli/house-watch.ts';
import { capsUnder } from '../prompts/caps.ts';
import { PromptFiles } from '../prompts/files.ts';
import { withServer } from './cli-server.ts';
import type { Config } from './config.ts';

/** A worker that does not answer at once is not waited for: the rest of the look is worth more. */
const METRICS_MS = 1000;

/** A way to look at the house that is configured: its server, its policy's caps, and its first worker's metrics. */
export const houseOf =
  (config: Config): WithHouse =>
  (use) =>
    withServer(config, ({ client }) => {
      const files = new PromptFiles(config.promptsDir);
      return use(() =>
        lookAtHouse({ client, caps: () => capsOf(files), breakers: () => breakersOf(config.telemetry) }),
      );
    });

const capsOf = async (files: PromptFiles) => capsUnder(files, await files.currentId());

async function breakersOf({ metrics }: Config['telemetry']): Promise<readonly BreakerRow[] | undefined> {
  if (!metrics || metrics.port === 0) return undefined;
  const url = `http://${metrics.host}:${metrics.port}/metrics`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(METRICS_MS) }).catch(() => undefined);
  return answer?.ok ? breakersIn(await answer.text()) : undefined;
}
