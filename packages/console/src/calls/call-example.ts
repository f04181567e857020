/** A call of the page as the three ways to make it from elsewhere. */
export type CallExample = { readonly curl: string; readonly sdk: string; readonly cli: string };

type Call = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Query of a GET, body of a POST. */
  readonly fields?: Readonly<Record<string, unknown>>;
};

/** In single quotes, as shells take everything within. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const plain = (value: unknown): string =>
  typeof value === 'string' && /^[\w.:/-]+$/.test(value) ? value : quoted(String(value));

/** The token is left to a variable: examples are copied into chats and tickets. */
export const curlOf = ({ method, path, fields = {} }: Call): string => {
  const url = `${location.origin}${path}`;
  const token = `-H "access_token: $TOKEN"`;
  if (method === 'POST')
    return `curl ${quoted(url)} \\\n  ${token} -H 'content-type: application/json' \\\n  -d ${quoted(JSON.stringify(fields, null, 2))}`;
  const query = new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)]));
  return `curl ${quoted(query.size > 0 ? `${url}?${query}` : url)} \\\n  ${token}`;
};

/** JavaScript of a value, names without quotes where they need none. */
export const literal = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(/^(\s*)"(\w+)":/gm, '$1$2:');

/** A command line; options without a value are left out. */
export const commandOf = (
  words: readonly string[],
  options: Readonly<Record<string, unknown>> = {},
): string => {
  const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== '');
  const parts = given.map(([name, value]) => `--${name} ${plain(value)}`);
  return [`chanjing-avatar ${words.map(plain).join(' ')}`, ...parts].join(' \\\n  ');
};
