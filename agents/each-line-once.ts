/** Why an answer does not speak of each line exactly once, or nothing. */
export function eachLineOnce(
  asked: readonly { readonly lineId: string }[],
  answered: readonly { readonly lineId: string }[],
): string | undefined {
  const ids = answered.map(({ lineId }) => lineId);
  const wanted = new Set(asked.map(({ lineId }) => lineId));
  if (new Set(ids).size !== ids.length) return 'a line is answered twice';
  if (ids.length !== wanted.size || ids.some((id) => !wanted.has(id)))
    return 'the lines are not those that were asked about';
}
