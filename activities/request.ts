import type { Agent } from '../agents/define-agent.ts';
import type { AgentTask } from '../contracts/decision.ts';
import { Failed, fail } from '../contracts/failures.ts';
import type { ModelRequest } from '../models/model.ts';
import { answerSchema } from '../models/schema.ts';
import type { AgentDeps } from './deps.ts';
import { unboundSchema } from './proposal.ts';

/** The model's share of an attempt's time; the rest is for the tool and for the way back. */
const MODEL_SHARE = 0.6;

const schemas = new Map<string, { schema: Record<string, unknown>; bytes: number }>();

/**
 * The question to the model: the pinned prompt over what the agent shows of its input.
 * @throws Failed PromptMissing where this worker lacks the pinned text, RequestTooLong where it is more than was priced
 */
export async function writeRequest(
  agent: Agent,
  task: AgentTask,
  input: unknown,
  complaint: string | undefined,
  deps: AgentDeps,
): Promise<Omit<ModelRequest, 'signal'>> {
  const template = await deps.prompts.prompt(agent.name, task.pin.prompt);
  const shown = pick(input as Record<string, unknown>, agent.shows);
  const text = await template.render(shown);
  const { schema, bytes: schemaBytes } = schemaOf(agent);
  const user = complaint ? `${text.user}\n\nYour last answer was not accepted. ${complaint}` : text.user;
  const bytes = Buffer.byteLength(text.system) + Buffer.byteLength(user) + schemaBytes;
  const { maxInputBytes, maxOutputTokens, timeoutMs } = task.pin;
  if (bytes > maxInputBytes) {
    throw new Failed(
      fail('RequestTooLong', `${agent.name} would send ${bytes} bytes, and ${maxInputBytes} are priced in.`, {
        agent: agent.name,
        bytes,
        maxInputBytes,
      }),
    );
  }
  return {
    agent,
    input,
    system: text.system,
    user,
    schema,
    maxOutputTokens,
    timeoutMs: Math.round(timeoutMs * MODEL_SHARE),
  };
}

function schemaOf(agent: Agent): { schema: Record<string, unknown>; bytes: number } {
  const known = schemas.get(agent.name);
  if (known) return known;
  const schema = answerSchema(unboundSchema(agent));
  const made = { schema, bytes: Buffer.byteLength(JSON.stringify(schema)) };
  schemas.set(agent.name, made);
  return made;
}

const pick = (input: Record<string, unknown>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, input[name]]));
