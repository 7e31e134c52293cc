import type { Finding } from '../../client/cli/doctor-command.ts';

const PATIENCE_MS = 3000;

/** Whether the tool server answers, and takes our token where we have one. No tool is called. */
export async function lookAtTools(url: string, token: string | undefined): Promise<Finding> {
  const subject = 'tools';
  const mend = 'npm run tools, or npm run dev for the whole house. TOOLS_URL says where they are.';
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const status = await statusOf(url, { method: 'POST', body: '{}', headers });
  if (status === undefined) return { subject, state: 'wrong', says: `Nothing answers at ${url}.`, mend };
  if (token && (status === 401 || status === 403))
    return {
      subject,
      state: 'wrong',
      says: `The tools at ${url} do not take our token.`,
      mend: 'TOOLS_TOKEN has to be the same for tools and workers.',
    };
  if (status >= 500) return { subject, state: 'wrong', says: `The tools at ${url} answer with ${status}.`, mend };
  return { subject, state: 'good', says: `answer at ${url}` };
}

/** Whether the HTTP API answers. */
export async function lookAtApi(url: string): Promise<Finding> {
  const subject = 'API';
  const status = await statusOf(`${url}/health`, {});
  if (status === 200) return { subject, state: 'good', says: `answers at ${url}` };
  const says = status === undefined ? `Nothing answers at ${url}.` : `${url}/health answers with ${status}.`;
  return { subject, state: 'wrong', says, mend: 'npm run api, or npm run dev for the whole house.' };
}

const statusOf = (url: string, request: RequestInit): Promise<number | undefined> =>
  fetch(url, { ...request, signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'manual' }).then(
    async (response) => {
      await response.body?.cancel();
      return response.status;
    },
    () => undefined,
  );
