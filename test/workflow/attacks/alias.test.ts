import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Directory } from '../../../contracts/directory.ts';
import { type AttackedCase, proposalLadder, STAFF, startAttacked } from '../../support/attacked-case.ts';
import { until } from '../../support/cases.ts';

let attacked: AttackedCase;
beforeAll(async () => {
  attacked = await startAttacked();
});
afterAll(() => attacked.spine.stop());

const YES = { verdict: 'approve' } as const;
/** Ways to write a name or alias of carla's that people would read as hers. */
const HERS = [
  'carla',
  'Carla',
  'CARLA',
  ' carla ',
  'carla\u00a0',
  '\tcarla\n',
  'car\u200bla',
  '\ufeffcarla',
  'ca\u00adrla',
  'car\u2060la\u200d',
  'carla\u202e',
  'ｃａｒｌａ',
  '𝐜𝐚𝐫𝐥𝐚',
  'ⓒⓐⓡⓛⓐ',
  'carla.rossi',
  'Carla.Rossi',
  ' CARLA.ROSSI',
  'carla．rossi',
  'josé',
  'jose\u0301',
  'JOSE\u0301',
];
/** Names that look like hers and are nobody's: other letters, and pieces. */
const NOBODYS = [
  'сarla',
  'cаrla',
  'carlа',
  'саrlа',
  'cɑrla',
  'car1a',
  'car|a',
  'carIa',
  'carlа.rossi',
  'carla rossi',
  'carla_rossi',
  'carla.',
  '.carla',
  'carla;cleo',
  'carla,cleo',
  'cleo carla',
  'carla/../cleo',
  'carla%00',
  'ςarla',
  'ċarla',
  'jose',
];

describe('another name', () => {
  it('of the requester’s makes nobody else of them, in 21 ways (BA-84, BA-87)', async () => {
    for (const requestedBy of HERS) {
      await attacked.open({ input: { requestedBy } });
      const what = JSON.stringify(requestedBy);
      await attacked.attack(what, attacked.sign('carla', YES), /^Nobody answers about their own request/);
      await attacked.handle.terminate();
    }
    attacked.noneAccepted(21);
    await attacked.open({ input: { requestedBy: HERS[0] } });
    await attacked.goesOn('cleo');
  });

  it('of the caller’s, or of their own, makes nobody else of them, in 42 ways (BA-84, BA-87)', async () => {
    await attacked.open({ memo: { startedBy: 'Carla.Rossi' } });
    for (const by of HERS) {
      const yes = await attacked.sign('carla', YES);
      const own = /^Nobody answers about their own request/;
      await attacked.attack(`${by}, signed as carla`, { ...yes, by }, own);
      await attacked.attack(`${by}, signed as that`, attacked.sign(by, YES, { role: 'compliance' }), own);
    }
    attacked.noneAccepted(42);
    await attacked.goesOn('cleo');
  });

  it('does not make two people of one where four eyes are needed, in 21 ways (BA-84, BA-87)', async () => {
    await attacked.open({ policy: proposalLadder({ role: 'compliance', hours: 4, needed: 2 }) });
    await attacked.take('carla', YES);
    const refused = /^This yes was given already|^The signature is for another person/;
    for (const by of HERS) await attacked.attack(by, attacked.sign(by, YES, { role: 'compliance' }), refused);
    attacked.noneAccepted(21);
    await attacked.goesOn('cleo');
    expect(attacked.answers).toMatchObject([{ by: 'carla' }, { by: 'cleo' }]);
  });

  it('is not needed to get around four eyes, and an escalation does not help either (BA-84, BA-87)', async () => {
    const hours = 4;
    const policy = proposalLadder({ role: 'compliance', hours, needed: 2 }, { role: 'operations', hours });
    await attacked.open({ policy });
    await attacked.take('carla', { verdict: 'escalate', reason: 'above me' });
    await until(async () => (await attacked.now()).role === 'operations');
    await attacked.take('carla', YES);
    for (const by of HERS)
      await attacked.attack(by, attacked.sign(by, YES, { role: 'compliance' }), /given already|another person/);
    attacked.noneAccepted(21);
    await attacked.goesOn('omar');
    expect(attacked.answers).toMatchObject([{ by: 'carla' }, { by: 'omar' }]);
  });

  it('that only looks like somebody’s is nobody’s, in 42 ways (BA-84, BA-87)', async () => {
    await attacked.open();
    const hers = await attacked.sign('carla', YES);
    for (const by of NOBODYS) {
      await attacked.attack(by, { ...hers, by }, /^Only somebody with the role/);
      await attacked.attack(
        `${by}, as a delegate`,
        attacked.sign('cleo', { verdict: 'delegate', to: by }),
        /^Nobody in/,
      );
    }
    attacked.noneAccepted(42);
    await attacked.goesOn('carla');
  });

  it('of one person cannot be given to a second one in the directory', () => {
    const names = (alias: string) =>
      Directory.safeParse({ people: STAFF.map((one) => (one.person === 'mia' ? { ...one, aliases: [alias] } : one)) });
    expect(names('mia.keller').success).toBe(true);
    expect(HERS.filter((alias) => names(alias).success)).toEqual([]);
  });
});
