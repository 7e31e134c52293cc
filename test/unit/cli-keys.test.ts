import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addKeyCommands } from '../../client/cli/key-commands.ts';
import { runCommandLine } from '../../client/cli/run.ts';
import { areEmbedded } from '../../keys/answer-files.ts';
import { openAnswerSigner, openAnswerVerifier } from '../../keys/answers.ts';
import { yes } from '../support/answer-keys.ts';

function installation() {
  const folder = join(mkdtempSync(join(tmpdir(), 'cli-keys-')), 'keys');
  const files = { signing: join(folder, 'answer-signing.json'), public: join(folder, 'answer-keys.json') };
  const type = async (...words: string[]) => {
    const [out, err]: [string[], string[]] = [[], []];
    const terminal = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
    const code = await runCommandLine(
      ['keys', ...words],
      [(program) => addKeyCommands(program, files, terminal)],
      terminal,
    );
    return { code, out: out.join('\n'), err: err.join('\n') };
  };
  return { files, type };
}

describe('governor keys', () => {
  test('makes the first key, which is for its owner alone and not marked as one for trying', async () => {
    const { files, type } = installation();
    expect(await type('list')).toMatchObject({ code: 1, err: expect.stringContaining('keys rotate') });
    expect((await type('rotate')).code).toBe(0);
    expect(statSync(files.signing).mode & 0o777).toBe(0o600);
    expect(areEmbedded(files.public)).toBe(false);
    expect((await type('list', '--json')).out).toContain(openAnswerSigner(files.signing).keyId);
  });

  test('rotates and retires while a verifier runs', async () => {
    const { files, type } = installation();
    await type('rotate');
    const [signer, verifier] = [openAnswerSigner(files.signing), openAnswerVerifier(files.public)];
    const first = signer.keyId;
    const token = await signer.sign(yes());
    await type('rotate');
    expect((await type('list')).out).toMatch(new RegExp(`signs and checks[^]*${first} .* checks`));
    expect((await verifier.verify(token)).ok).toBe(true);
    expect(await type('retire', first)).toMatchObject({ code: 0, out: `${first} counts no more.` });
    expect((await verifier.verify(token)).ok).toBe(false);
  });

  test('does not retire the key that signs, nor one that is not there', async () => {
    const { files, type } = installation();
    await type('rotate');
    const { keyId } = openAnswerSigner(files.signing);
    expect(await type('retire', keyId)).toMatchObject({ code: 1, err: expect.stringContaining('Rotate first') });
    expect(await type('retire', 'nobody')).toMatchObject({ code: 1, err: expect.stringContaining(keyId) });
  });

  test('prints no key', async () => {
    const { files, type } = installation();
    const said = [await type('rotate'), await type('list'), await type('list', '--json')];
    const { d, x } = JSON.parse(readFileSync(files.signing, 'utf8'));
    for (const { out, err } of said) {
      expect(out + err).not.toContain(d);
      expect(out + err).not.toContain(x);
    }
  });
});
