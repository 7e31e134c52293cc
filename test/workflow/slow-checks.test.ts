import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { signAnswer } from '../../client/answering.ts';
import { ANSWER } from '../../contracts/messages.ts';
import { openAnswerSigner, openAnswerVerifier } from '../../keys/answers.ts';
import { replayOn } from '../../workers/replay.ts';
import { answerKeys } from '../support/answer-keys.ts';
import { onboarding, PLAN, says } from '../support/cases.ts';
import { fakeRelease, POLICY } from '../support/fake-release.ts';
import { openRequest, PEOPLE, type Spine, startSpine } from '../support/spine.ts';

const RUNG_MS = 2000;
/** Longer than it takes until somebody is reminded, and than a workflow task lasts before it is prolonged. */
const SLOW_MS = 2700;

let spine: Spine;
const files = answerKeys();
beforeAll(async () => {
  spine = await startSpine({ people: structuredClone(PEOPLE), answers: openAnswerVerifier(files.public) });
});
afterAll(() => spine.stop());

describe('an answer that is still being checked when its time is half over, or over', () => {
  it.each([
    ['decides', 'approve', 'onboarded'],
    ['says no', 'reject', 'rejected'],
  ] as const)('%s, and the case can be gone on with by another worker', async (_, verdict, outcome) => {
    const hours = RUNG_MS / 3_600_000;
    const ladders = { ...POLICY.ladders, proposal: [{ role: 'compliance', hours } as const] };
    spine.reset(fakeRelease({ policy: { ladders } }));
    spine.models.reset(({ agent }) => (agent.name === 'createAccount' ? says(PLAN, 0.5) : undefined));
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    const signer = openAnswerSigner(files.signing);
    const reason = 'looked at twice';
    const said = await signAnswer(signer, spine.people, 'carla', handle.workflowId, request, { verdict, reason });
    spine.slowDirectory(() => sleep(SLOW_MS));
    // Twice, as signals come.
    await handle.signal(ANSWER, said);
    await handle.signal(ANSWER, said);
    expect(await handle.result()).toMatchObject({ outcome });
    spine.slowDirectory(async () => undefined);
    const history = await handle.fetchHistory();
    const fired = history.events?.filter((event) => event.timerFiredEventAttributes).length;
    expect(fired).toBeGreaterThan(0);
    expect.assertions(3);
    const again = replayOn(inject('bundlePath'), [{ workflowId: handle.workflowId, history }]);
    for await (const { differs } of again) expect(differs).toBeUndefined();
  });
});
