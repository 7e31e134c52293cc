import { statSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { areEmbedded } from '../../keys/answer-files.ts';
import {
  answerKeyFiles,
  answerKeyProblems,
  houseKeys,
  refuseOpenGate,
  signerOf,
  verifierOf,
} from '../../workers/answer-keys.ts';
import { loadConfig } from '../../workers/config.ts';
import { toolProcessSettings } from '../../workers/tool-source.ts';
import { answerKeys, yes } from '../support/answer-keys.ts';

const noProfile = { TEMPORAL_CONFIG_FILE: join(import.meta.dirname, 'no-such-file.toml') };
const newFolder = () => mkdtemp(join(tmpdir(), 'house-keys-'));

describe('the keys of an installation', () => {
  test('are those that are configured, and the tools get the public ones alone', async () => {
    const given = { ANSWER_KEYS_FILE: '/run/keys/public.json', ANSWER_SIGNING_KEY_FILE: '/run/keys/private.json' };
    const config = loadConfig({ ...noProfile, ...given, GOVERNOR_STATE_DIR: await newFolder() });
    expect(answerKeyFiles(config)).toEqual({ public: '/run/keys/public.json', signing: '/run/keys/private.json' });
    const settings = JSON.stringify(toolProcessSettings(config));
    expect(settings).toContain('/run/keys/public.json');
    expect(settings).not.toContain('private');
  });

  test('are made by a house that has none, marked, and kept', async () => {
    const installation = { stateDir: await newFolder(), answers: {} };
    const files = houseKeys(installation);
    expect(areEmbedded(files.public)).toBe(true);
    expect(statSync(files.signing).mode & 0o777).toBe(0o600);
    const token = await signerOf(installation).sign(yes());
    expect(houseKeys(installation)).toEqual(files);
    expect(await verifierOf({ publicFile: files.public }, '127.0.0.1:7233')?.verify(token)).toMatchObject({ ok: true });
  });

  test('are not made in the place of those that are configured', async () => {
    const folder = await newFolder();
    const answers = { publicFile: join(folder, 'mine.json') };
    expect(() => areEmbedded(houseKeys({ stateDir: folder, answers }).public)).toThrow(
      /mine.json cannot be read \(ENOENT\)/,
    );
  });

  test('are asked for in words where there are none to sign with', async () => {
    expect(() => signerOf({ stateDir: '/no/such/place', answers: {} })).toThrow(/keys rotate/);
  });
});

describe('without keys answers are believed on one machine only', () => {
  test.each(['127.0.0.1:7233', 'localhost:7233', '[::1]:7233'])('at %s', (address) => {
    expect(verifierOf({}, address)).toBeUndefined();
  });

  test.each(['temporal:7233', '10.0.0.5:7233', 'localhost.example:7233', 'ns.tmprl.cloud:7233', '127.example:7233'])(
    'and not at %s',
    (address) => {
      expect(() => verifierOf({}, address)).toThrow(/ANSWER_KEYS_FILE has to be set/);
    },
  );

  test('tools that others reach need keys, and not those of a house for trying', () => {
    const [own, embedded] = [answerKeys(), answerKeys({ embedded: true })];
    expect(() => refuseOpenGate(undefined, '127.0.0.1')).not.toThrow();
    expect(() => refuseOpenGate(embedded.public, 'localhost')).not.toThrow();
    expect(() => refuseOpenGate(own.public, '0.0.0.0')).not.toThrow();
    expect(() => refuseOpenGate(undefined, '0.0.0.0')).toThrow(/no keys to check answers with/);
    expect(() => refuseOpenGate(embedded.public, '0.0.0.0')).toThrow(/was made for trying/);
    expect(() => refuseOpenGate(embedded.public, '::')).toThrow(/was made for trying/);
  });

  test.each([
    [{ TOOLS_HOST: '0.0.0.0' }, 'ANSWER_KEYS_FILE'],
    [{ API_HOST: '0.0.0.0', ANSWER_KEYS_FILE: 'public.json' }, 'ANSWER_SIGNING_KEY_FILE'],
    [{ ANSWER_SIGNING_KEY_FILE: 'private.json' }, 'ANSWER_KEYS_FILE'],
  ])('%o is told', (given, variable) => {
    expect([...answerKeyProblems(given)]).toEqual([expect.stringMatching(new RegExp(`^${variable}: has to be set`))]);
    expect([...answerKeyProblems({ ...given, [variable]: '/run/keys/file.json' })]).toEqual([]);
  });

  test('keys that cannot be read stop a process when it starts', async () => {
    const broken = join(await newFolder(), 'broken.json');
    writeFileSync(broken, '{"keys": []}');
    expect(() => verifierOf({ publicFile: broken }, '127.0.0.1:7233')).toThrow(/not a set of Ed25519 public keys/);
  });
});
