import { QueryNotRegisteredError } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { statusOf } from '../../client/http/cases/show.ts';
import type { HttpParts } from '../../client/http/parts.ts';

const RUN = { workflowId: 'case-1', runId: 'run-1' };

/** A client whose query for the status ends so. */
const clientThat = (error: Error) =>
  ({
    client: {
      workflow: { getHandle: () => ({ query: () => Promise.reject(error) }) },
      withDeadline: (_until: number, run: () => unknown) => run(),
    },
  }) as unknown as Pick<HttpParts, 'client'>;

/** As the SDK wraps what gRPC said. */
const grpc = (code: number): Error =>
  new Error('Failed to query Workflow', {
    cause: Object.assign(new Error('gRPC'), { code, details: '', metadata: {} }),
  });

describe('a case that is asked for its status', () => {
  it.each([
    ['is cancelled', 1],
    ['is out of time', 4],
    ['finds nobody who polls', 9],
  ])('is not told right now where the call %s', async (_name, code) => {
    await expect(statusOf(clientThat(grpc(code)), RUN)).rejects.toMatchObject({ slug: 'not-now', retryAfterS: 3 });
  });

  it('has none where it ended before it could answer anything', async () => {
    const unknown = new QueryNotRegisteredError('status', 3);
    const closed = { status: { name: 'COMPLETED', code: 2 } } as const;
    expect(await statusOf(clientThat(unknown), RUN, closed)).toBeUndefined();
    const running = { status: { name: 'RUNNING', code: 1 } } as const;
    await expect(statusOf(clientThat(unknown), RUN, running)).rejects.toMatchObject({ slug: 'not-now' });
  });

  it('passes on what is nobody’s absence', async () => {
    await expect(statusOf(clientThat(grpc(13)), RUN)).rejects.not.toHaveProperty('slug');
  });
});
