/**
 * How long a provider asks us to wait, in milliseconds: `retry-after-ms`, or `retry-after` as seconds or as a date.
 * Nothing where it does not say, or says nonsense. `now` is in milliseconds since 1970.
 */
export function retryAfterMs(headers: unknown, now: number): number | undefined {
  const exact = header(headers, 'retry-after-ms');
  if (exact !== undefined && isAmount(exact)) return Math.ceil(Number(exact));
  const coarse = header(headers, 'retry-after');
  if (coarse === undefined) return undefined;
  if (isAmount(coarse)) return Math.ceil(Number(coarse) * 1000);
  // Only as HTTP writes dates: Date.parse would make a date of nearly anything.
  const date = coarse.trim().endsWith('GMT') ? Date.parse(coarse) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

const isAmount = (text: string): boolean => /^\d{1,9}(\.\d+)?$/.test(text.trim());

function header(headers: unknown, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  if (typeof headers !== 'object' || headers === null) return undefined;
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === 'string' ? found : undefined;
}
