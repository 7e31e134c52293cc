import { agents } from '../../agents/index.ts';
import { tools } from '../../contracts/tools/index.ts';

/** For each schema of a tool or agent: what it makes of each value, `ok` or the fields that it complains about. */
export function verdictsOn(values: Record<string, unknown[]>): Record<string, string[]> {
  const schemas = {
    ...Object.fromEntries(
      Object.values(tools).flatMap((tool) => [
        [`${tool.name} in`, tool.input],
        [`${tool.name} out`, tool.output],
      ]),
    ),
    ...Object.fromEntries(Object.values(agents).map((agent) => [`${agent.name} input`, agent.input])),
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, each]) => {
      const schema = schemas[name];
      return [name, each.map((value) => verdictOn(schema?.safeParse(value)))];
    }),
  );
}

function verdictOn(
  result: { success: boolean; error?: { issues: { path: PropertyKey[] }[] } | undefined } | undefined,
): string {
  if (!result) return 'no such schema';
  return result.success ? 'ok' : [...new Set(result.error?.issues.map(({ path }) => path.join('.')))].sort().join(',');
}
