import type { ServerResponse } from 'node:http';
import type { World } from '../../outside/world.ts';

export type FarCustomer = World['customers'][number];

/** A system of customers in a test's hand, which behaves as its public reference says. */
export interface FarCrm {
  readonly url: string;
  /** Records by id; what is written shows here. */
  readonly records: Map<string, FarCustomer>;
  /** What was asked: method and path, oldest first. */
  readonly asked: string[];
  /** Answers the next requests in its place, once each; a function sees the response. */
  misbehave(...next: ((response: ServerResponse) => void)[]): void;
  stop(): Promise<void>;
}

/** A first name and a last name as a CRM holds them: the last word is the last name, and whoever has one word has no other. */
export function splitName(name: string): { first: string; last: string } {
  const words = name.split(' ');
  return { first: words.slice(0, -1).join(' '), last: words.at(-1) ?? '' };
}

/** The same world with the ids that a system gives its records. */
export function withIds(world: World, idOf: (index: number) => string): World {
  let text = JSON.stringify(world);
  world.customers.forEach(({ customerId }, index) => {
    text = text.replaceAll(JSON.stringify(customerId), JSON.stringify(idOf(index)));
  });
  return JSON.parse(text) as World;
}

/** A whole answer with a status, for `misbehave`. */
export const says =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
