/** What the model server answers each agent, found by which arguments the answer's schema asks for. */

type Answer = (asked: string) => Record<string, unknown>;

/** Long enough to be like a real answer, and without anything that a whitelist would stop at. */
const PARAGRAPH =
  'We are glad that you are here. Your account is open, and the team that looks after it knows what you wrote to us. ';

const ANSWERS: Readonly<Record<string, Answer>> = {
  'companies,emails,names': (asked) => ({
    names: ['Maren Tolliver'],
    companies: [],
    emails: [found(/\S+@\S+\.example/, asked)],
  }),
  'birthDate,document,name,number': (asked) => ({
    document: 'passport',
    number: found(/\d{9}/, asked),
    name: 'MAREN TOLLIVER',
    birthDate: '1990-05-04',
  }),
  'plan,segment': () => ({ plan: 'business', segment: 'small-business' }),
  'language,salutation,sections': () => ({
    language: 'en',
    salutation: 'formal',
    sections: ['Welcome', 'What your plan is for', 'What comes next'].map((heading) => ({
      heading,
      body: PARAGRAPH.repeat(3).trim(),
    })),
  }),
  'body,subject': () => ({ subject: 'Welcome to your account', body: PARAGRAPH.repeat(4).trim() }),
  startsAt: (asked) => ({ startsAt: found(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/, asked) }),
  'channel,message': () => ({
    channel: 'sales',
    message: 'A business account is open. The welcome kit is out and a first meeting is booked.',
  }),
  summary: () => ({ summary: 'The case came to its end. Seven steps were done and none was left out.' }),
  'queue,severity,summary': () => ({
    queue: 'platform-ops',
    severity: 'normal',
    summary: 'A run was terminated. Whatever it had done by then is left behind.',
  }),
};

/**
 * The answer to one question, as the text of a completion.
 * @param names the arguments that the schema asks for
 * @param asked the user's part of the request
 */
export function answerTo(names: readonly string[], asked: string): string {
  const answer = ANSWERS[names.toSorted().join(',')];
  if (!answer) throw new Error(`No answer is known for ${names.join(', ')}.`);
  return JSON.stringify({
    arguments: answer(asked),
    confidence: 0.95,
    reasoning: 'The text says so in as many words.',
  });
}

function found(pattern: RegExp, text: string): string {
  const match = pattern.exec(text);
  if (!match) throw new Error(`The request holds nothing like ${pattern}.`);
  return match[0];
}
