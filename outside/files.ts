import { join } from 'node:path';

/** Where the outside world writes down what reached it, one JSON line an event. */
export const outsideFiles = (stateDir: string) => {
  const folder = join(stateDir, 'outside');
  return {
    folder,
    mail: join(folder, 'mail.jsonl'),
    messages: join(folder, 'messages'),
    webhooks: join(folder, 'webhooks.jsonl'),
    registry: join(folder, 'registry.jsonl'),
  };
};
