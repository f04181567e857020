import { openApiDocument } from '@chanjing-avatar/protocol';

type Schema = {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  description?: string;
  minimum?: number;
  maximum?: number;
  items?: Schema;
};

type Operation = {
  summary: string;
  tags: string[];
  'x-extension'?: true;
  parameters?: { name: string; in: string; required: boolean; schema: Schema; description?: string }[];
  requestBody?: { content: { 'application/json': { schema: Schema } } };
  responses: { 200: { content: Record<string, { schema: Schema }> } };
};

type Row = { name: string; schema: Schema; required: boolean };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const typeOf = (schema: Schema): string => {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' | ');
  if (schema.type === 'array') return `${typeOf(schema.items ?? {})}[]`;
  const range =
    schema.minimum !== undefined && schema.maximum !== undefined
      ? ` ${schema.minimum} to ${schema.maximum}`
      : '';
  return `${[schema.type ?? 'any'].flat().join(' | ')}${range}`;
};

/** One row per field; fields of objects follow with a dotted name. */
const rowsOf = (schema: Schema, prefix = ''): Row[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    { name: prefix + name, schema: field, required: schema.required?.includes(name) ?? false },
    ...[field, ...(field.anyOf ?? []), ...(field.items ? [field.items] : [])].flatMap((inner) =>
      rowsOf(inner, `${prefix}${name}.`),
    ),
  ]);

const table = (title: 'Query and headers' | 'Body' | 'Reply', rows: Row[]): string => {
  if (rows.length === 0) return '';
  // What a reply has is always there.
  const isRequest = title !== 'Reply';
  const lines = rows.map(({ name, schema, required }) => {
    const fallback =
      schema.default === undefined ? (required ? 'required' : '') : JSON.stringify(schema.default);
    const cell = isRequest ? `<td>${escaped(fallback)}</td>` : '';
    return `<tr><td><code>${escaped(name)}</code></td><td>${escaped(typeOf(schema))}</td>${cell}<td>${escaped(schema.description ?? '')}</td></tr>`;
  });
  return `<h4>${title}</h4><table><tr><th>field</th><th>type</th>${isRequest ? '<th>default</th>' : ''}<th>meaning</th></tr>${lines.join('')}</table>`;
};

const section = (path: string, method: string, operation: Operation): string => {
  const query = (operation.parameters ?? []).map(({ name, schema, required, description }) => ({
    name,
    schema: description === undefined ? schema : { ...schema, description },
    required,
  }));
  const body = operation.requestBody?.content['application/json'].schema ?? {};
  const [reply] = Object.values(operation.responses[200].content);
  return `<section><h3><b>${method.toUpperCase()}</b> <code>${path}</code>${
    operation['x-extension'] ? ' <i>extension</i>' : ''
  }</h3><p>${escaped(operation.summary)}.</p>${table('Query and headers', query)}${table('Body', rowsOf(body))}${table(
    'Reply',
    rowsOf(reply?.schema ?? {}),
  )}</section>`;
};

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2430}
code{font:14px ui-monospace,monospace}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .75rem .25rem 0;
border-bottom:1px solid #dde3ea;vertical-align:top}section{margin:2.5rem 0}h3 b{color:#0a6b4f}h4{margin:1rem 0 .25rem}`;

/** The API on one page, made from the OpenAPI document; loads nothing from elsewhere. */
export const referencePage = (baseUrl: string): string => {
  const { paths } = openApiDocument({ url: baseUrl, version: '' }) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const sections = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(path, method, operation)),
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Chanjing Avatar Open API</title><style>${STYLE}</style><h1>Chanjing Avatar Open API</h1>
<p>Base URL <code>${escaped(baseUrl)}</code>. Send the token of <code>/open/v1/access_token</code> as header
<code>access_token</code>. Every reply is <code>{trace_id, code, msg, data}</code> with HTTP 200; <code>code</code> 0 is
success. The same as a document: <a href="/openapi.json">openapi.json</a>.</p>${sections.join('')}</html>`;
};
