import type { Stage } from '../stage.ts';
import type { Cases } from './cases.ts';
import type { Cast } from './cast.ts';
import type { Crew } from './crew.ts';
import type { People } from './people.ts';
import type { Props } from './props.ts';

/** What an act that breaks something has to work with. */
export interface Chaos {
  readonly stage: Stage;
  readonly props: Props;
  readonly cast: Cast;
  readonly cases: Cases;
  readonly crew: Crew;
  readonly people: People;
  /** Cases whose requests an act answers by itself. */
  readonly leftAlone: Set<string>;
  /** Milliseconds since 1970: no case of this evening began before. */
  readonly began: number;
  /** Says to whoever watches what is being broken right now. */
  now(words: string): void;
}

/** `verifyIdentity of clean-greek-abc12`, for one line. */
export const stepOf = ({ agent, workflowId }: { readonly agent: string; readonly workflowId: string }): string =>
  `${agent} of ${workflowId}`;

/** `placeOrder 3, routeTicket 1` */
export const tallied = (words: readonly string[]): string =>
  [...Map.groupBy(words, (word) => word)].map(([word, all]) => `${word} ${all.length}`).join(', ');
