// News of open requests, as they come: by events, and by asking again while events do not get through.

const POLL_MS = 1500;
const POLL_HIDDEN_MS = 15_000;
/** Events can be lost without anybody noticing; this makes it good. */
const CHECK_MS = 60_000;
const RETRY_MS = 10_000;
const LATER_MS = 500;

/**
 * @typedef {'live' | 'polling' | 'offline'} LiveState
 * @typedef {{
 *   onNews: (kind: 'opened' | 'changed' | 'closed', data: any) => void,
 *   refresh: () => Promise<void>,
 *   onState: (state: LiveState) => void,
 * }} Listener `refresh` reads everything again, and throws where nobody answers
 */

/**
 * Listens until it is stopped.
 * @param {Listener} listener
 * @returns {() => void}
 */
export function listen(listener) {
  let stopped = false;
  /** @type {EventSource | undefined} */
  let source;
  let isOpen = false;
  let timer = 0;

  const open = () => {
    source?.close();
    source = new EventSource('/v1/approvals/events');
    source.addEventListener('open', () => {
      isOpen = true;
      listener.onState('live');
      // What happened between the last reading and now.
      plan(LATER_MS);
    });
    for (const kind of /** @type {const} */ (['opened', 'changed', 'closed']))
      source.addEventListener(kind, (event) => listener.onNews(kind, parse(event.data)));
    // Too long away: what was missed is in nobody's list any more.
    source.addEventListener('reset', () => plan(0));
    source.addEventListener('error', () => {
      const wasOpen = isOpen;
      isOpen = false;
      if (wasOpen) plan(0);
      if (source?.readyState === EventSource.CLOSED) setTimeout(() => !stopped && !isOpen && open(), RETRY_MS);
    });
  };

  /** @param {number} ms */
  const plan = (ms) => {
    clearTimeout(timer);
    if (!stopped) timer = window.setTimeout(again, ms);
  };

  const again = async () => {
    try {
      await listener.refresh();
      if (!stopped) listener.onState(isOpen ? 'live' : 'polling');
    } catch {
      if (!stopped) listener.onState('offline');
    }
    plan(isOpen ? CHECK_MS : document.hidden ? POLL_HIDDEN_MS : POLL_MS);
  };

  open();
  plan(POLL_MS);
  return () => {
    stopped = true;
    clearTimeout(timer);
    source?.close();
  };
}

/** @param {string} data */
function parse(data) {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
