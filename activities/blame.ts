import type { Agent } from '../agents/define-agent.ts';
import type { Failure } from '../contracts/failures.ts';

/**
 * Whether a tool complains about nothing but arguments that come from the case: no other answer of the model would help.
 * A tool names what it complains about by `fields`, `field` or `argument`, or by an argument among its details.
 */
export function blamesTheCase({ bound, tool }: Agent, { type, details }: Failure): boolean {
  if (type !== 'ToolRejected') return false;
  const { fields = [], field, argument, ...rest } = details;
  const paths = [...(Array.isArray(fields) ? fields : []), field, argument].filter((path) => typeof path === 'string');
  const named = [
    ...paths.map((path) => path.split('.')[0] ?? ''),
    ...Object.keys(rest).filter((name) => Object.hasOwn(tool.input.shape, name)),
  ];
  return named.length > 0 && named.every((name) => Object.hasOwn(bound, name));
}
