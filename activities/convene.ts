import type { Person } from '../contracts/directory.ts';
import { type Asked, allWhoMay } from '../contracts/standing.ts';
import type { AnswerVerifier } from '../keys/answers.ts';
import type { PromptStore } from '../prompts/store.ts';
import type { Announcement } from './notify.ts';

export interface ConveneDeps {
  readonly prompts: Pick<PromptStore, 'directory'>;
  /** Tells people, as well as it can: it never throws. */
  readonly announce: (announcement: Announcement) => Promise<void>;
  /** Set where answers have to be signed. */
  readonly answers?: AnswerVerifier | undefined;
}

/** Whom a case asks, and what they are told. */
export interface Convening {
  readonly asked: Asked;
  readonly notice: Omit<Announcement, 'people'>;
}

/** Who may answer, without what is of no use to a case: no address goes into a history. */
export interface Convened {
  readonly people: readonly (Pick<Person, 'person' | 'roles' | 'aliases'> & { readonly for?: string })[];
  readonly signed: boolean;
}

/**
 * Finds out who may answer now, colleagues who stand in for somebody out of office included, and tells those whose turn
 * it is. One local activity, since asking should cost little.
 * @throws Failed ReleaseBroken where there is no directory
 */
export const createConvene =
  ({ prompts, announce, answers }: ConveneDeps) =>
  async ({ asked, notice }: Convening): Promise<Convened> => {
    const { people } = await prompts.directory();
    const now = Date.now();
    const addressed = allWhoMay(people, { ...asked, roles: [notice.role] }, now);
    await announce({ ...notice, people: addressed.map(({ person }) => person) });
    return {
      people: allWhoMay(people, asked, now).map(({ person: { person, roles, aliases }, for: principal }) => ({
        person,
        roles,
        aliases,
        ...(principal ? { for: principal } : {}),
      })),
      signed: answers !== undefined,
    };
  };
