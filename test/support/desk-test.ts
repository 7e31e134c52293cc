import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect } from 'vitest';
import type { ShownApproval } from '../../client/http/shapes.ts';
import { type DeskPage, openPage, type PageOptions, startBrowser } from './browser.ts';
import { type DeskFixture, startDesk } from './desk-fixture.ts';

export type AtDesk = DeskPage & { readonly desk: DeskFixture };

/**
 * One browser for the tests of a file. Gives what runs a test at a desk of its own, with these requests open; a page that
 * has had an error fails the test.
 */
export function deskTests(): (
  requests: readonly ShownApproval[],
  test: (at: AtDesk) => Promise<void>,
  options?: PageOptions & { readonly prepare?: (desk: DeskFixture) => void },
) => Promise<void> {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());
  return async (requests, test, { prepare, ...options } = {}) => {
    if (!browser) throw new Error('the browser has not started');
    const desk = await startDesk(requests);
    prepare?.(desk);
    const at = await openPage(browser, desk, options);
    try {
      await test({ ...at, desk });
      expect(at.errors).toEqual([]);
    } finally {
      await at.close();
      await desk.stop();
    }
  };
}
