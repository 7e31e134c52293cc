/** A worker without Governor: bare activities, default options, one task queue of its own. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { agents } from '../agents/index.ts';
import { openAiClient } from '../models/openai.ts';
import { openPromptStore } from '../prompts/store.ts';
import { tellParent } from '../workers/child.ts';
import { bareActivities } from './bare-activities.ts';
import { BARE_QUEUE } from './sides.ts';

const [address = '', bundlePath = '', modelUrl = '', toolsUrl = '', token = '', promptsDir = ''] =
  process.argv.slice(2);

Runtime.install({ logger: new DefaultLogger('WARN') });
const connection = await NativeConnection.connect({ address });
const tools = new Client({ name: 'bare', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
await tools.connect(
  new StreamableHTTPClientTransport(new URL(toolsUrl), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  }),
);
const worker = await Worker.create({
  connection,
  taskQueue: BARE_QUEUE,
  workflowBundle: { codePath: bundlePath },
  activities: bareActivities({
    model: openAiClient({ apiKey: 'none', baseUrl: modelUrl }),
    tools,
    systems: await systemTexts(),
  }),
});
tellParent();
await worker.run();
process.exit(0);

/** The texts of the current release, read once, so that both sides send the model the same. */
async function systemTexts(): Promise<Record<string, string>> {
  const store = openPromptStore(promptsDir);
  const release = await store.current();
  const texts: Record<string, string> = {};
  for (const agent of Object.values(agents)) {
    const pin = release.agents[agent.name]?.prompts[0];
    if (!pin) continue;
    const anything = Object.fromEntries(agent.shows.map((name) => [name, ['-']]));
    texts[agent.name] = (await store.prompt(agent.name, pin)).render(anything).system;
  }
  return texts;
}
