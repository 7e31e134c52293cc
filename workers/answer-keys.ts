import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type AnswerKeyFiles, areEmbedded, makeAnswerKeys } from '../keys/answer-files.ts';
import { type AnswerSigner, type AnswerVerifier, openAnswerSigner, openAnswerVerifier } from '../keys/answers.ts';

/** Which keys people's answers are signed and checked with; .env.example tells what they mean. */
export const answerKeyVariables = {
  ANSWER_KEYS_FILE: z.string().optional(),
  ANSWER_SIGNING_KEY_FILE: z.string().optional(),
};

/** Absolute paths. A process that only checks answers gets no signing key. */
export interface AnswerKeySettings {
  readonly publicFile?: string | undefined;
  readonly signingFile?: string | undefined;
}

/** The part of the configuration that these keys hang on. */
interface Installation {
  readonly stateDir: string;
  readonly answers: AnswerKeySettings;
}

type Given = Readonly<Record<string, string | undefined>>;

export const answerKeysOf = (env: { [name in keyof typeof answerKeyVariables]?: string | undefined }) => ({
  publicFile: env.ANSWER_KEYS_FILE && resolve(env.ANSWER_KEYS_FILE),
  signingFile: env.ANSWER_SIGNING_KEY_FILE && resolve(env.ANSWER_SIGNING_KEY_FILE),
});

/** Where nobody's signature is asked for, whoever reaches a port is whoever they say. */
export function* answerKeyProblems(given: Given): Generator<string> {
  const { TOOLS_HOST: tools, API_HOST: api, ANSWER_KEYS_FILE: keys, ANSWER_SIGNING_KEY_FILE: signing } = given;
  if (tools && !isLoopback(tools) && !keys)
    yield 'ANSWER_KEYS_FILE: has to be set when TOOLS_HOST is not this machine alone: make keys with npm run governor -- keys rotate';
  if (signing && !keys)
    yield 'ANSWER_KEYS_FILE: has to be set with ANSWER_SIGNING_KEY_FILE: what nobody checks need not be signed';
  if (api && !isLoopback(api) && !signing)
    yield 'ANSWER_SIGNING_KEY_FILE: has to be set when API_HOST is not this machine alone: make keys with npm run governor -- keys rotate';
}

/** The two files: those that configuration names, else those of the house in this state folder. */
export function answerKeyFiles({ stateDir, answers }: Installation): AnswerKeyFiles {
  const folder = join(stateDir, 'keys');
  return {
    public: answers.publicFile ?? join(folder, 'answer-keys.json'),
    signing: answers.signingFile ?? join(folder, 'answer-signing.json'),
  };
}

/** The keys of a house that nobody has configured any for; it makes its own, for this machine alone. */
export function houseKeys(installation: Installation): AnswerKeyFiles {
  const files = answerKeyFiles(installation);
  if (!installation.answers.publicFile && !installation.answers.signingFile) makeAnswerKeys(files, { embedded: true });
  return files;
}

/**
 * What checks answers, or nothing where no keys are configured: then answers are believed as they come.
 * @throws Error where the Temporal server is another machine and there are no keys, or where they cannot be read
 */
export function verifierOf(answers: AnswerKeySettings, temporalAddress: string): AnswerVerifier | undefined {
  if (answers.publicFile) return openAnswerVerifier(answers.publicFile);
  if (isLoopback(hostOf(temporalAddress))) return undefined;
  throw new Error(
    'ANSWER_KEYS_FILE has to be set, since whoever reaches the Temporal server could answer for anybody.',
  );
}

/** @throws Error where there is no signing key, with what makes one */
export function signerOf(installation: Installation): AnswerSigner {
  const { signing } = answerKeyFiles(installation);
  try {
    return openAnswerSigner(signing);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'There is no key.';
    throw new Error(`${why} A house makes one when it starts; so does npm run governor -- keys rotate.`);
  }
}

/**
 * Keys that a house has made for trying lie where anybody may look who tries things on this machine.
 * @throws Error where a process that relies on such keys, or on none, would be reached from elsewhere
 */
export function refuseOpenGate(publicFile: string | undefined, host: string): void {
  if (isLoopback(host)) return;
  const mend = 'Name files in ANSWER_KEYS_FILE and ANSWER_SIGNING_KEY_FILE, and run npm run governor -- keys rotate.';
  if (!publicFile)
    throw new Error(`${host} is reached by others, and there are no keys to check answers with. ${mend}`);
  if (areEmbedded(publicFile))
    throw new Error(`${publicFile} was made for trying, and ${host} is reached by others. ${mend}`);
}

function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

const hostOf = (address: string): string => address.replace(/:\d+$/, '');
