import type { Made, Proposal } from './decision.ts';
import { digestOf } from './digest.ts';
import { textsIn } from './outgoing.ts';
import { redact } from './redact.ts';
import type { Tool } from './tool.ts';

/**
 * What a decision keeps of a proposal: nothing personal, and a digest of the whole call.
 * @param done the call that was really made, where an earlier one under the same key was made in other words
 */
export function madeOf(tool: Tool, proposal: Proposal, done: Proposal['call'] = proposal.call): Made {
  const { confidence, reasoning, model, call } = proposal;
  const personal = textsIn(Object.fromEntries(tool.personal.map((name) => [name, call[name]])));
  return {
    confidence,
    reasoning: withoutThese(reasoning, personal),
    model,
    call: redact(tool, done),
    callDigest: digestOf(done),
  };
}

/** Names, numbers and addresses; common words that also stand in a personal text tell nothing. */
const TELLING = /[\p{Lu}\d@]/u;

/** A model may quote what it read; what is personal in the call is not to be found in its reasons. */
function withoutThese(text: string, personal: readonly string[]): string {
  const words = personal
    .flatMap((value) => [value, ...value.split(/[\s,]+/)])
    .filter((word) => word.length > 2 && TELLING.test(word));
  return words.sort((a, b) => b.length - a.length).reduce((rest, word) => rest.split(word).join('[…]'), text);
}
