import type { Person } from '../contracts/directory.ts';
import type { Policy, Role } from '../contracts/policy.ts';
import { PROCESSES } from '../contracts/processes.ts';
import type { AgentPin, CaseRelease } from '../contracts/release.ts';
import { findPerson } from '../contracts/standing.ts';
import { resolvePin } from '../prompts/split.ts';
import type { PromptStore } from '../prompts/store.ts';
import { atTheDoor } from './failures.ts';

/** What the worker gives to these activities. */
export interface ReleaseDeps {
  readonly prompts: Pick<PromptStore, 'current' | 'policy' | 'directory'>;
  /** Heartbeat timeout of the agents' activities in this installation, milliseconds. */
  readonly heartbeatTimeoutMs: number;
  /** True where the embedded rules answer instead of a model. */
  readonly simulated: boolean;
  /** False where the server does not know our search attributes. */
  readonly searchAttributes: boolean;
}

/** Local activities: what a case loads once, and who may be asked now. They read files and take milliseconds. */
export function createReleaseActivities(deps: ReleaseDeps) {
  return {
    loadRelease: atTheDoor((of: OfCase) => loadRelease(deps, of)),
    roster: atTheDoor((wanted: Wanted) => roster(deps, wanted)),
  };
}

interface OfCase {
  readonly caseId: string;
  readonly process: string;
  /** Of people, whose own names in the directory the case goes by. */
  readonly names?: readonly string[];
}

/** The current release with every split resolved for this case. Throws `Failed` ReleaseBroken. */
async function loadRelease(
  { prompts, ...installation }: ReleaseDeps,
  { caseId, process, names = [] }: OfCase,
): Promise<CaseRelease> {
  const { heartbeatTimeoutMs, simulated, searchAttributes } = installation;
  const release = await prompts.current();
  const policy = policyFor(process, await prompts.policy(release.policy));
  const pins = agentsFor(process, Object.keys(release.agents)).map((agent): [string, AgentPin | undefined] => [
    agent,
    resolvePin(release, agent, caseId),
  ]);
  const agents = Object.fromEntries(pins.filter((pin): pin is [string, AgentPin] => pin[1] !== undefined));
  const alsoKnown = names.length > 0 ? ownNamesOf(names, (await prompts.directory()).people) : [];
  const ways = {
    answersChecked: true,
    wholeEvidence: true,
    callerPassedOver: true,
    repliesHeard: true,
    steadyWaits: true,
    ...(alsoKnown.length > 0 ? { alsoKnown } : {}),
  };
  return { id: release.id, policy, agents, heartbeatTimeoutMs, simulated, searchAttributes, ...ways };
}

/** Those that the directory has under another name. */
const ownNamesOf = (names: readonly string[], people: readonly Person[]) =>
  names.flatMap((called) => {
    const { person = called } = findPerson(people, called) ?? {};
    return person === called ? [] : [{ called, person }];
  });

/** The agents without those of other processes: no history carries what its case never calls. */
function agentsFor(process: string, agents: readonly string[]): string[] {
  const { cleanRun = agents, endings = [], besides = [] } = PROCESSES[process] ?? {};
  const own = new Set([...cleanRun, ...endings, ...besides]);
  const others = new Set(Object.values(PROCESSES).flatMap((each) => [...each.cleanRun, ...(each.besides ?? [])]));
  return agents.filter((agent) => own.has(agent) || !others.has(agent));
}

/** The policy without what is for other processes alone. */
function policyFor(process: string, policy: Policy): Policy {
  const own = PROCESSES[process]?.section;
  const others = Object.values(PROCESSES).flatMap(({ section }) => (section && section !== own ? [section] : []));
  return { ...policy, ...Object.fromEntries(others.map((section) => [section, undefined])) };
}

interface Wanted {
  readonly roles: readonly Role[];
  /** Names, as people sign in. */
  readonly people?: readonly string[];
}

/** The people who are named, or have one of these roles now, without their addresses. Throws `Failed` ReleaseBroken. */
async function roster({ prompts }: ReleaseDeps, { roles, people: names = [] }: Wanted): Promise<Person[]> {
  const { people } = await prompts.directory();
  return people
    .filter((one) => names.includes(one.person) || one.roles.some((role) => roles.includes(role)))
    .map(({ person, roles: held, aliases }) => ({ person, roles: held, aliases }));
}
