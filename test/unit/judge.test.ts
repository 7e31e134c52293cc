import { describe, expect, it } from 'vitest';
import { bookFollowUp, sendWelcomeEmail, verifyIdentity } from '../../agents/index.ts';
import { judge } from '../../agents/judge.ts';
import { foreignHosts } from '../../contracts/outgoing.ts';
import type { StepPolicy } from '../../contracts/policy.ts';

const policy: StepPolicy = {
  confidenceFloor: 0.7,
  approval: 'below-floor',
  linkHosts: ['governor.example'],
  clockSkewSeconds: 5,
};

const email = (body: string) => ({
  call: { to: 'ana@north.example', documentId: 'sha256-x', subject: 'Welcome', body },
  complete: true,
  confidence: 0.9,
});

describe('judge', () => {
  it.each([
    ['within the policy', 0.9, 'allowed', 'within-policy'],
    ['exactly at the floor', 0.7, 'allowed', 'within-policy'],
    ['below the floor', 0.69, 'needs-approval', 'confidence-floor'],
    ['not sure at all', 0, 'needs-approval', 'confidence-floor'],
  ])('%s (confidence %d) → %s by %s', (_, confidence, kind, rule) => {
    expect(judge(sendWelcomeEmail, {}, { ...email('Hello.'), confidence }, policy)).toMatchObject({ kind, rule });
  });

  it('has a person decide on each call where the policy says so', () => {
    expect(judge(sendWelcomeEmail, {}, email('Hello.'), { ...policy, approval: 'always' })).toMatchObject({
      kind: 'needs-approval',
      rule: 'approval-always',
    });
  });

  it('has a person supply what the model did not know', () => {
    expect(judge(verifyIdentity, {}, { call: {}, complete: false, confidence: 0 }, policy)).toMatchObject({
      kind: 'needs-approval',
      rule: 'no-answer',
    });
  });

  it('refuses what the whitelist does not hold, however sure the model is, and a person’s edit as well (BA-84)', () => {
    const call = {
      accountId: 'a',
      attendees: ['ana@north.example'],
      offered: ['2026-12-01T09:00:00Z'],
      startsAt: '2026-12-02T09:00:00Z',
    };
    expect(judge(bookFollowUp, {}, { call, complete: true, confidence: 1 }, policy)).toMatchObject({
      kind: 'refused',
      rule: 'whitelist',
    });
  });

  it('refuses text that points outside the policy’s list, before it asks anybody', () => {
    const verdict = judge(sendWelcomeEmail, {}, { ...email('Pay at https://evil.test/now'), confidence: 0.1 }, policy);
    expect(verdict).toMatchObject({ kind: 'refused', rule: 'outgoing-link' });
    expect(verdict.why).not.toContain('evil');
  });
});

describe('where a text points to', () => {
  it.each([
    ['See https://governor.example/help', []],
    ['See https://governor.example.evil.test/help', ['governor.example.evil.test']],
    ['See http://user:pass@evil.test:8080/x', ['evil.test']],
    ['javascript://evil.test', ['evil.test']],
    ['Write to boss@evil.test', ['evil.test']],
    ['Write to boss@governor.example', []],
    ['Go to evil.test now', ['evil.test']],
    ['Go to ｅｖｉｌ．ｔｅｓｔ', ['evil.test']],
    ['Go to evil。test', ['evil.test']],
    ['We open at 9.30 on the 3.12. and cost 4.50', []],
    ['Hello. World', []],
  ])('%s → %j', (text, hosts) => {
    expect(foreignHosts(text, ['governor.example'])).toEqual(hosts);
  });
});
