/** What differs between two documents, in lines for people. */
export function differencesBetween(before: unknown, after: unknown): string[] {
  const was = flattened(before);
  const is = flattened(after);
  const gone = [...was].filter(([path]) => !is.has(path)).map(([path, value]) => `${path} is gone; it was ${value}`);
  const others = [...is].flatMap(([path, value]) => {
    const earlier = was.get(path);
    if (earlier === undefined) return [`${path} is new: ${value}`];
    return earlier === value ? [] : [`${path} was ${earlier}, is ${value}`];
  });
  return [...others, ...gone].map((line) => line.slice(0, 300));
}

/** Each value under its path. */
function flattened(data: unknown): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
      for (const [name, inner] of Object.entries(value)) walk(inner, `${path}/${name.slice(0, 40)}`);
    } else found.set(path || '$', shortened(JSON.stringify(value) ?? 'nothing'));
  };
  walk(data, '');
  return found;
}

/** Long texts by their beginning and their length, so that a change far inside is seen too. */
const shortened = (text: string): string =>
  text.length <= 80 ? text : `${text.slice(0, 60)}… (${text.length} characters, ${checkOf(text)})`;

function checkOf(text: string): string {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum.toString(16);
}
