import type { Tool } from './tool.ts';

/** The call as logs and records may show it: personal arguments by their size alone. */
export function redact(tool: Pick<Tool, 'personal'>, call: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(call).map(([name, value]) => [name, tool.personal.includes(name) ? `[${sizeOf(value)}]` : value]),
  );
}

function sizeOf(value: unknown): string {
  if (typeof value === 'string') return `${value.length} characters`;
  if (Array.isArray(value)) return `${value.length} items`;
  return typeof value;
}
