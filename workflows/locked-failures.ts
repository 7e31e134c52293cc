import { DefaultFailureConverter, type PayloadConverter, type ProtoFailure } from '@temporalio/common';

/**
 * Messages and stacks go into a payload, which a codec can lock. The failure that an error brings along is copied first:
 * the same error may be told twice, and the second time its words must still be there.
 */
class LockedFailureConverter extends DefaultFailureConverter {
  override errorToFailure(error: unknown, payloadConverter: PayloadConverter): ProtoFailure {
    const { message, stackTrace, ...rest } = this.errorToFailureInner(error, payloadConverter);
    const encodedAttributes = payloadConverter.toPayload({ message, stack_trace: stackTrace });
    return { ...rest, message: 'The words of this failure are encrypted.', stackTrace: '', encodedAttributes };
  }
}

export const failureConverter = new LockedFailureConverter();
