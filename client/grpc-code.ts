import { isGrpcServiceError } from '@temporalio/client';

/** What the server of the cases can say instead of an answer; gRPC's own numbers. */
export const GRPC = {
  invalidArgument: 3,
  deadline: 4,
  notFound: 5,
  exhausted: 8,
  failedPrecondition: 9,
  unavailable: 14,
} as const;

/** The number of what gRPC said, which the SDK wraps, sometimes more than once. */
export function codeOf(error: unknown): number | undefined {
  for (let each = error, depth = 0; each instanceof Error && depth < 4; each = each.cause, depth++) {
    if (isGrpcServiceError(each)) return each.code;
  }
  return undefined;
}
