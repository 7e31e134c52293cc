import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import { receiveMessage } from '../contracts/tools/tickets.ts';
import { defineAgent } from './define-agent.ts';

/** Takes a message in and learns whether it is a new ticket. Nothing in it is a judgement, so no model is asked. */
export const receiveTicket = defineAgent({
  name: 'receiveTicket',
  purpose: 'Take a message in once, and find the ticket that it belongs to.',
  tier: 'none',
  stakes: 'normal',
  input: z.strictObject(receiveMessage.input.shape),
  shows: [],
  tool: receiveMessage,
  bound: {
    messageDigest: (input) => input.messageDigest,
    senderDigest: (input) => input.senderDigest,
    subjectDigest: (input) => input.subjectDigest,
    wordsDigest: (input) => input.wordsDigest,
    inReplyTo: (input) => input.inReplyTo,
    mayJoin: (input) => input.mayJoin,
    loopMessages: (input) => input.loopMessages,
    loopMinutes: (input) => input.loopMinutes,
    sameWithinMinutes: (input) => input.sameWithinMinutes,
  },
  distrusts: (answer, call) => {
    if (answer.messageDigest === call.messageDigest) return;
    return fail('WrongSubject', 'The desk took in another message than the one it was given.', {
      asked: { messageDigest: call.messageDigest },
      got: { messageDigest: answer.messageDigest },
    });
  },
  bounds: { iterations: 1, maxInputBytes: 1_000, maxOutputTokens: 50, timeout: '20s', patience: '60s' },
});
