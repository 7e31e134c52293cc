import { agents } from '../../agents/index.ts';
import type { Probe, ReadyAnswer } from '../../client/cli/ready-command.ts';
import { Failed } from '../../contracts/failures.ts';
import { PromptFiles } from '../../prompts/files.ts';
import type { Config } from '../config.ts';
import { examine } from '../doctor/index.ts';
import { metricsPortFor } from '../telemetry-settings.ts';
import { isBounded } from './cost.ts';
import { isDeployed } from './deployed.ts';
import { escalates } from './escalation.ts';
import { isMeasured } from './measured.ts';
import { canRollBack } from './rollback.ts';

/** Asks this installation the five questions. Changes nothing, starts no case, and asks no model. */
export const probeOf =
  (config: Config): Probe =>
  async ({ metrics }) => {
    const measured = await isMeasured(metrics.length > 0 ? metrics : portsHere(config));
    return [
      isDeployed(await examine(config)),
      measured,
      await canRollBack(config.promptsDir, agents),
      ...(await ofRelease(config.promptsDir, measured.yes)),
    ];
  };

/** One worker, the tools and the API of a house on this machine. */
function portsHere({ telemetry: { metrics } }: Config): string[] {
  return ['worker-1', 'tools', 'api'].flatMap((process) => {
    const { METRICS_PORT: port } = metricsPortFor(process, metrics);
    return port && metrics ? [`http://${metrics.host}:${port}/metrics`] : [];
  });
}

async function ofRelease(promptsDir: string, measured: boolean): Promise<ReadyAnswer[]> {
  const files = new PromptFiles(promptsDir);
  try {
    const release = await files.release(await files.currentId());
    const policy = await files.policy(release.policy);
    const { people } = await files.directory();
    return [escalates(policy, people, Date.now()), isBounded(release, policy, measured)];
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    const question = 'Do cases escalate predictably, and is their cost bounded?';
    return [{ question, yes: false, evidence: [error.message], mend: 'governor release check' }];
  }
}
