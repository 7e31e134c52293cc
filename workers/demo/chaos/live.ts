import { styleText } from 'node:util';
import { type RoleRow, rolesOf } from '../../../client/cli/house-look.ts';
import { listWaiting } from '../../../client/cli/temporal-approvals.ts';
import { drawer } from '../../../client/cli/terminal.ts';
import type { Screen } from '../screen.ts';
import type { Chaos } from './chaos.ts';
import { askedStandIn } from './cut-provider.ts';
import { panelOf } from './panel.ts';

const LOOK_MS = 700;

/** The live view under the story: at a terminal it is drawn anew again and again, and elsewhere there is none. */
export interface Live {
  /** Says what it says above the live view. */
  readonly screen: Screen;
  now(words: string): void;
  /** What is looked at; until then nothing is drawn. */
  watch(chaos: Chaos): void;
  stop(): void;
}

export function goLive(stream: NodeJS.WriteStream, screen: Screen): Live {
  if (!stream.isTTY) return { screen, now: () => undefined, watch: () => undefined, stop: () => undefined };
  const draw = drawer(stream);
  const began = Date.now();
  let lines: readonly string[] = [];
  let breaking = 'nothing yet';
  let timer: NodeJS.Timeout | undefined;
  const above =
    <A extends unknown[]>(say: (...words: A) => void) =>
    (...words: A): void => {
      draw([]);
      say(...words);
      draw(lines);
    };
  const look = async (chaos: Chaos): Promise<void> => {
    const [waiting, breakers] = await Promise.all([waitingIn(chaos), chaos.crew.openBreakers()]);
    if (!timer) return;
    const seen = {
      elapsedMs: Date.now() - began,
      breaking,
      ...waiting,
      breakers,
      asked: askedStandIn(chaos.props).all,
    };
    lines = panelOf(chaos, seen, (style, words) => styleText(style, words, { stream }));
    draw(lines);
    timer = setTimeout(() => void again(chaos), LOOK_MS);
  };
  // Whoever is too busy to be looked at is looked at later.
  const again = (chaos: Chaos): Promise<void> =>
    look(chaos).catch(() => {
      if (timer) timer = setTimeout(() => void again(chaos), LOOK_MS);
    });
  return {
    screen: {
      heading: above(screen.heading),
      say: above(screen.say),
      verbatim: above(screen.verbatim),
      fact: above(screen.fact),
      verdict: above(screen.verdict),
      gap: above(screen.gap),
    },
    now: (words) => {
      breaking = words;
    },
    watch: (chaos) => {
      timer = setTimeout(() => void again(chaos), 0);
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
      lines = [];
      draw([]);
    },
  };
}

interface WaitingNow {
  /** Cases that wait for somebody. */
  readonly waiting: ReadonlySet<string>;
  readonly roles: readonly RoleRow[];
}

async function waitingIn({ stage }: Chaos): Promise<WaitingNow> {
  const requests = await listWaiting(stage.house.client);
  return { waiting: new Set(requests.map((request) => request.case)), roles: rolesOf(requests, new Date()) };
}
