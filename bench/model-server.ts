import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { tellParent } from '../workers/child.ts';
import { answerTo } from './model-answers.ts';

/**
 * A model that answers after a set time and always the same, behind the endpoint that OpenAI-compatible servers have.
 * `PUT /latency` sets the milliseconds; `GET /calls` tells how many completions were asked for.
 */
const Completion = z.object({
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  response_format: z.object({
    json_schema: z.object({
      schema: z.object({
        properties: z.object({ arguments: z.object({ properties: z.record(z.string(), z.unknown()) }) }),
      }),
    }),
  }),
});

let latencyMs = 0;
let calls = 0;

const [port = '0'] = process.argv.slice(2);
const server = createServer((request, response) => {
  serve(request, response).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    reply(response, 500, { error: { message: 'The model server could not answer.' } });
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(port), '127.0.0.1', () => tellParent());
process.once('SIGTERM', () => process.exit(0));

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  if (request.url === '/calls') return reply(response, 200, { calls });
  if (request.url === '/latency') {
    latencyMs = z.coerce.number().min(0).parse(body);
    return reply(response, 200, { latencyMs });
  }
  calls += 1;
  const { messages, response_format: format } = Completion.parse(JSON.parse(body));
  const names = Object.keys(format.json_schema.schema.properties.arguments.properties);
  const content = answerTo(names, messages.at(-1)?.content ?? '');
  if (latencyMs > 0) await sleep(latencyMs);
  reply(response, 200, completion(content, body.length));
}

const completion = (content: string, bytes: number) => ({
  id: `chat-${calls}`,
  object: 'chat.completion',
  created: 0,
  model: 'bench',
  choices: [{ index: 0, message: { role: 'assistant', content, refusal: null }, finish_reason: 'stop' }],
  usage: {
    prompt_tokens: Math.ceil(bytes / 4),
    completion_tokens: Math.ceil(content.length / 4),
    total_tokens: Math.ceil((bytes + content.length) / 4),
  },
});

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
