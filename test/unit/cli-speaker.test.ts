import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { Mistake, Refused } from '../../client/cli/words.ts';
import { embeddedPeople } from '../../client/http/access/embedded-people.ts';
import { revokeKey } from '../../client/http/access/keys.ts';
import type { OpenRequest } from '../../contracts/messages.ts';
import { houseKeys } from '../../workers/answer-keys.ts';
import { embeddedSpeaker } from '../../workers/cli-speaker.ts';
import { type Config, loadConfig } from '../../workers/config.ts';
import { fullRequest } from '../support/full-request.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

let config: Config;
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'governor-speaker-'));
  folders.push(folder);
  config = loadConfig({ GOVERNOR_STATE_DIR: folder });
  houseKeys(config);
  await embeddedPeople(config.access);
});

const speak = (
  as: string | undefined,
  request: OpenRequest = fullRequest(),
  choose?: () => Promise<string | undefined>,
) => embeddedSpeaker(config, as, request, choose);

const customers = fullRequest({ kind: 'confirmation', role: 'customer', moves: [] });

describe('who answers from the command line', () => {
  it.each(['darius.wren', 'Darius.Wren'])('is believed as %s with the key in the state folder', async (as) => {
    const { person, signer } = await speak(as);
    expect(person).toBe('darius.wren');
    expect(signer.sign).toBeTypeOf('function');
  });

  it('is asked for at a terminal, and has to be named elsewhere', async () => {
    expect((await speak(undefined, fullRequest(), async () => 'ruth.achterberg')).person).toBe('ruth.achterberg');
    await expect(speak(undefined)).rejects.toThrow(Mistake);
    await expect(speak(undefined)).rejects.toThrow(/--as <person>\. People who have a key here: marta\.lindqvist/);
  });

  it.each(['ines.halvorsen', 'mallory', 'application', '', '__proto__', 'constructor'])(
    'is nobody as %j: a name alone is not believed (BA-87)',
    async (as) => {
      await expect(speak(as)).rejects.toThrow(Refused);
      await expect(speak(as)).rejects.toThrow(/has no key here/);
    },
  );

  it('is a customer where a customer is asked, by the application that customers write by', async () => {
    expect((await speak('cus-2001', customers)).person).toBe('cus-2001');
    await expect(speak('application', customers)).rejects.toThrow(/has no key here/);
  });

  it('is nobody once the key is revoked, its file is open to others, or there is none (BA-87)', async () => {
    const { peopleFile, keysFile } = config.access;
    const keys = JSON.parse(readFileSync(peopleFile, 'utf8')) as Record<string, string>;
    const id = /^gov_([0-9a-f]{12})_/.exec(keys['darius.wren'] ?? '')?.[1] ?? '';
    await revokeKey(keysFile, id);
    const revoked = await speak('darius.wren').catch((error: Error) => error.message);
    expect(revoked).toMatch(/is not good any more/);
    expect(revoked).not.toContain(keys['darius.wren']);
    expect((await speak('ruth.achterberg')).person).toBe('ruth.achterberg');
    chmodSync(peopleFile, 0o644);
    await expect(speak('ruth.achterberg')).rejects.toThrow(/open to others/);
    rmSync(peopleFile);
    expect(existsSync(peopleFile)).toBe(false);
    await expect(speak('ruth.achterberg')).rejects.toThrow(/^Nobody is believed here: set GOVERNOR_API_KEY/);
  });
});
