import { showUsd } from '../../../contracts/money.ts';
import { sumOf } from '../balance.ts';
import { countAll, effectNames } from '../effects.ts';
import { askedStandIn } from './cut-provider.ts';
import type { Evidence } from './evidence.ts';
import { modelBooks } from './model-books.ts';

/** What has to hold whatever breaks, and how often it was looked at. */
export interface Invariant {
  readonly name: string;
  readonly holds: boolean;
  /** What was counted, in words for a line of a table. */
  readonly found: string;
  readonly counts: Readonly<Record<string, number>>;
  /** Where it does not hold, as far as that has a name. */
  readonly where: readonly string[];
}

/** Each invariant with its counts; `holds` says nothing but what the counts do. */
export const invariantsOf = (evidence: Evidence): Invariant[] =>
  [ends, effects, audits, decisions, paidOnce, bills, caps, highStakes, cutOff, callbacks, answers].map((count) =>
    count(evidence),
  );

function ends({ cases, known }: Evidence): Invariant {
  const where = cases
    .filter(({ end, expected }) => end?.outcome !== expected.outcome)
    .map(({ run, end, expected }) => `${run.workflowId} is ${end?.outcome ?? 'open'}, and not ${expected.outcome}`);
  const asExpected = cases.length - where.length;
  return {
    name: 'every case ends as it has to',
    holds: cases.length > 0 && where.length === 0 && known === cases.length,
    found: `${asExpected} of ${cases.length} begun${known === cases.length ? '' : `; the server knows ${known}`}`,
    counts: { begun: cases.length, asExpected, begunByNobody: known - cases.length },
    where,
  };
}

function effects({ cases, counts: there }: Evidence): Invariant {
  const found = cases.map(({ run, history, expected }) => {
    const names = effectNames(there, history);
    const each = [...Map.groupBy(names, (name) => name).values()];
    const once = each.filter((same) => same.length === 1).length;
    const missing = Math.max(0, expected.effects - each.length);
    return { run, wanted: expected.effects, all: names.length, once, twice: each.length - once, missing };
  });
  const sum = (of: 'wanted' | 'all' | 'once' | 'twice' | 'missing'): number => sumOf(found.map((each) => each[of]));
  const counts = {
    wanted: sum('wanted'),
    once: sum('once'),
    twice: sum('twice'),
    missing: sum('missing'),
    ofNobody: countAll(there) - sum('all'),
  };
  const where = found
    .filter(({ wanted, all, once }) => once !== wanted || all !== wanted)
    .map(({ run, wanted, all }) => `${run.workflowId} has left ${all}, and not ${wanted}`);
  return {
    name: 'every effect is there once',
    holds: counts.wanted > 0 && where.length === 0 && counts.ofNobody === 0,
    found: `${counts.once} of ${counts.wanted}; twice ${counts.twice}, missing ${counts.missing}, of nobody ${counts.ofNobody}`,
    counts,
    where,
  };
}

function audits({ cases, counts: there }: Evidence): Invariant {
  const entries = cases.map(({ run: { workflowId } }) => ({
    workflowId,
    count: there.audit.filter(({ caseId }) => caseId === workflowId).length,
  }));
  const where = entries.filter(({ count }) => count !== 1).map((each) => `${each.workflowId} has ${each.count}`);
  const all = sumOf(entries.map(({ count }) => count));
  return {
    name: 'every case has one audit entry',
    holds: cases.length > 0 && where.length === 0,
    found: `${all} for ${cases.length} cases`,
    counts: { cases: cases.length, entries: all },
    where,
  };
}

/** The agent of the audit writes down what was decided before it, so that its own step is in no entry. */
const AUDITOR = 'writeAudit';
/** In the audit a question that no agent has put is a decision as well. */
const PEOPLE = 'people';

function decisions({ cases, counts: there }: Evidence): Invariant {
  const kept = Map.groupBy(
    there.decisions.filter(({ agent }) => agent !== PEOPLE),
    ({ caseId, step }) => `${caseId} ${step}`,
  );
  const steps = new Set(
    cases.flatMap(({ run, history }) =>
      history.steps.flatMap(({ agent, step }) => (agent === AUDITOR ? [] : [`${run.workflowId} ${step}`])),
    ),
  );
  const all = new Set([...steps, ...kept.keys()]);
  const where = [...all].filter((step) => !steps.has(step) || kept.get(step)?.length !== 1);
  const decided = sumOf([...kept.values()].map((same) => same.length));
  return {
    name: 'every step has one decision',
    holds: steps.size > 0 && where.length === 0,
    found: `${decided} for ${steps.size} steps`,
    counts: { steps: steps.size, decided },
    where,
  };
}

function paidOnce(evidence: Evidence): Invariant {
  const { answered, lostWithWorker, neverBooked, bookedTwice, askedAgain, checkpoints, checkpointsLost } =
    modelBooks(evidence);
  const twice = neverBooked + bookedTwice + askedAgain + checkpointsLost;
  return {
    name: 'no model call is paid for twice',
    holds: answered > 0 && twice === 0,
    found: `${twice} of ${answered}; the kill lost ${lostWithWorker} and spared ${checkpoints}`,
    counts: { answered, lostWithWorker, neverBooked, bookedTwice, askedAgain, checkpoints, checkpointsLost },
    where: [],
  };
}

function bills(evidence: Evidence): Invariant {
  const { billed, booked } = modelBooks(evidence);
  return {
    name: 'what is booked is what is billed',
    holds: billed > 0 && billed === booked,
    found: `${showUsd(booked)} booked, ${showUsd(billed)} billed`,
    counts: { bookedMicroUsd: booked, billedMicroUsd: billed },
    where: [],
  };
}

/** By history, where a call whose answer was lost counts at its worst. */
function caps({ cases, caps: allowed }: Evidence): Invariant {
  const where = cases.flatMap(({ run, history: { process, costMicroUsd } }) => {
    const cap = allowed[process] ?? 0;
    return costMicroUsd > cap ? [`${run.workflowId}: ${showUsd(costMicroUsd)} of ${showUsd(cap)}`] : [];
  });
  const dearest = Math.max(0, ...cases.map(({ history }) => history.costMicroUsd));
  return {
    name: 'no case spends more than its cap',
    holds: cases.length > 0 && where.length === 0,
    found: `${where.length} of ${cases.length}; the dearest spent ${showUsd(dearest)}`,
    counts: { cases: cases.length, above: where.length, dearestMicroUsd: dearest },
    where,
  };
}

function highStakes({ books }: Evidence): Invariant {
  const asked = askedStandIn({ books });
  return {
    name: 'no stand-in decides where much is at stake',
    holds: asked.all > 0 && asked.highStakes === 0,
    found: `${asked.highStakes} of ${asked.all} questions to it`,
    counts: asked,
    where: [],
  };
}

function cutOff({ killed }: Evidence): Invariant {
  const steps = killed.cutOff.length;
  return {
    name: 'what a kill cuts off goes on',
    holds: steps > 0 && killed.goneOn === steps,
    found: `${killed.goneOn} of ${steps} steps`,
    counts: { steps, goneOn: killed.goneOn },
    where: [],
  };
}

function callbacks({ delivered }: Evidence): Invariant {
  const begun = delivered.map(({ id, replies }) => ({
    id,
    refused: replies.filter((reply) => reply.case === undefined).length,
    cases: new Set(replies.flatMap((reply) => reply.case ?? [])),
  }));
  const where = begun.filter(({ cases, refused }) => cases.size !== 1 || refused > 0).map(({ id }) => id);
  const counts = {
    callbacks: delivered.length,
    deliveries: sumOf(delivered.map(({ replies }) => replies.length)),
    cases: sumOf(begun.map(({ cases }) => cases.size)),
  };
  return {
    name: 'a callback that comes twice begins one case',
    holds: delivered.length > 0 && where.length === 0,
    found: `${counts.cases} by ${counts.callbacks} callbacks in ${counts.deliveries} deliveries`,
    counts,
    where,
  };
}

const TAKEN = 200;
const TOO_LATE = 409;

function answers({ answered, counts: there }: Evidence): Invariant {
  const each = answered.map(({ workflowId, approval, replies }) => {
    const taken = replies.filter(({ status }) => status === TAKEN);
    const [first] = taken;
    const told = replies.filter(({ status, said }) => status === TOO_LATE && said.includes(first?.by ?? '-'));
    const audited = there.decisions
      .filter(({ caseId }) => caseId === workflowId)
      .flatMap((decision) => decision.answers.filter((one) => one.approval === approval));
    const isFirst = audited.every(({ by, verdict }) => by === first?.by && verdict === first?.verdict);
    const isOnce = [taken, told, audited].every((list) => list.length === 1) && isFirst;
    return { workflowId, taken: taken.length, told: told.length, isOnce };
  });
  const counts = {
    requests: answered.length,
    taken: sumOf(each.map(({ taken }) => taken)),
    toldWhoWasFirst: sumOf(each.map(({ told }) => told)),
  };
  const where = each.filter(({ isOnce }) => !isOnce).map(({ workflowId }) => workflowId);
  return {
    name: 'a request takes one answer',
    holds: answered.length > 0 && where.length === 0,
    found: `${counts.taken} for ${counts.requests} answered twice; ${counts.toldWhoWasFirst} heard who was first`,
    counts,
    where,
  };
}
