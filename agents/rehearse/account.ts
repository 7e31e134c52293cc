import { PLANS } from '../../contracts/tools/accounts.ts';
import { ALONE, FRUGAL, PLAN_WORDS, PUBLIC } from './account-cues.ts';
import { readHeadCount } from './head-count.ts';
import { LEGAL_FORMS } from './message-cues.ts';
import { composed, fold, hasCue } from './words.ts';

type Plan = (typeof PLANS)[number];
type Segment = 'private' | 'small-business' | 'enterprise' | 'public-sector';

const words = PLAN_WORDS.map(fold).join('|');
const NAMED = new RegExp(
  `\\b(${PLANS.join('|')})[ -]?(?:${words})|(?:${words})\\p{L}{0,3}[ :"«„-]{1,3}(${PLANS.join('|')})\\b`,
  'gu',
);
const COMPANY = new RegExp(`(?<![\\p{L}])(?:${LEGAL_FORMS})(?![\\p{L}])|(?:ТОВ|ПП)\\s*[«"]`, 'u');

/** Plan and segment: what is asked for by name, else what the number of people suggests. */
export function rehearseAccount(message: string) {
  const text = composed(message);
  const folded = fold(text);
  const { seats, staff, contradictory } = readHeadCount(text);
  const named = [...new Set([...folded.matchAll(NAMED)].map((match) => (match[1] ?? match[2]) as Plan))];
  const fitting = planFor(seats ?? staff);
  const plan = named[0] ?? fitting ?? 'starter';
  const segment = sold(segmentOf(text, folded, staff ?? seats), plan);
  const doubt = named.length > 1 || contradictory || (named[0] && fitting && named[0] !== fitting);
  return {
    arguments: { plan, segment },
    ...judgement({ named: named[0], fitting, doubt: Boolean(doubt), frugal: hasCue(folded, FRUGAL) }),
  };
}

interface Signs {
  readonly named: Plan | undefined;
  readonly fitting: Plan | undefined;
  readonly doubt: boolean;
  readonly frugal: boolean;
}

function judgement({ named, fitting, doubt, frugal }: Signs) {
  if (doubt)
    return { confidence: 0.6, reasoning: 'What the message says about plan and people does not fit together.' };
  if (named) return { confidence: fitting ? 0.95 : 0.9, reasoning: 'The message asks for the plan by its name.' };
  if (fitting) return { confidence: 0.85, reasoning: 'The plan follows from the number of people.' };
  if (frugal) return { confidence: 0.72, reasoning: 'Only words on money speak for a plan, the smallest one.' };
  return { confidence: 0.4, reasoning: 'The message names neither a plan nor a number of people.' };
}

function planFor(people: number | undefined): Plan | undefined {
  if (people === undefined || people < 1) return;
  if (people <= 5) return 'starter';
  return people < 100 ? 'business' : 'enterprise';
}

function segmentOf(text: string, folded: string, people: number | undefined): Segment {
  if (hasCue(folded, PUBLIC)) return 'public-sector';
  if (people !== undefined && people >= 100) return 'enterprise';
  if (hasCue(folded, ALONE) && !COMPANY.test(text)) return 'private';
  return COMPANY.test(text) || (people ?? 0) > 1 ? 'small-business' : 'private';
}

/** A small company that asks for the largest plan is served as a large one, and a large one never by the smallest. */
function sold(segment: Segment, plan: Plan): Segment {
  if (plan === 'enterprise' && segment !== 'public-sector') return 'enterprise';
  return plan === 'starter' && segment === 'enterprise' ? 'small-business' : segment;
}
