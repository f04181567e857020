import { z } from 'zod';
import { CODE } from './codes.js';
import type { Endpoint } from './endpoints.js';
import { ENDPOINTS, IDEMPOTENCY_HEADER, TOKEN_HEADER } from './endpoints.js';
import { envelopeSchema } from './envelope.js';
import type { Task } from './tasks.js';
import { taskSchema } from './tasks.js';

type Json = Record<string, unknown>;
type AnyEndpoint = Endpoint<unknown, unknown>;

/** Every whole number in JavaScript has these bounds; they say nothing about the API. */
const withoutSafeBounds = ({ jsonSchema }: { jsonSchema: Json }): void => {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
};

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: withoutSafeBounds as never,
  });
  return json as Json;
};

const queryParameters = (request: z.ZodType): Json[] => {
  const { properties = {}, required = [] } = schemaOf(request, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
};

const idempotencyParameter: Json = {
  name: IDEMPOTENCY_HEADER,
  in: 'header',
  required: false,
  description: 'The same key with the same body gives the same task; with another body it is refused.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9._~-]{1,128}$' },
};

const replyOf = (endpoint: AnyEndpoint): Json =>
  endpoint.eventStream
    ? { 'text/event-stream': { schema: schemaOf(endpoint.data, 'output') } }
    : { 'application/json': { schema: schemaOf(envelopeSchema(endpoint.data.nullable()), 'output') } };

const operationOf = (name: string, endpoint: AnyEndpoint): Json => {
  const parameters = [
    ...(endpoint.method === 'GET' ? queryParameters(endpoint.request) : []),
    ...(endpoint.idempotent ? [idempotencyParameter] : []),
  ];
  const body = {
    required: true,
    content: { 'application/json': { schema: schemaOf(endpoint.request, 'input') } },
  };
  return {
    operationId: name,
    summary: endpoint.summary,
    tags: [endpoint.tag],
    ...(endpoint.extension ? { 'x-extension': true, description: "Not in the vendor's API." } : {}),
    security: endpoint.authenticated ? [{ token: [] }] : [],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(endpoint.method === 'POST' ? { requestBody: body } : {}),
    responses: {
      200: { description: 'Success when `code` is 0, otherwise an error.', content: replyOf(endpoint) },
    },
    ...(name === 'createTask'
      ? { callbacks: { ended: { '{$request.body#/callback}': callbackItem() } } }
      : {}),
  };
};

const callbackItem = (): Json => ({
  post: {
    summary: 'The task ended, well or badly. Signed with Standard Webhooks headers.',
    requestBody: {
      content: { 'application/json': { schema: schemaOf(envelopeSchema<Task>(taskSchema), 'output') } },
    },
    responses: {
      '2XX': { description: 'Received.' },
      410: { description: 'Send no more of this task.' },
    },
  },
});

const codeTable = Object.entries(CODE)
  .map(([name, code]) => `| ${code} | ${name} |`)
  .join('\n');

/** The OpenAPI 3.1 document of the whole API, made from the schemas that check the requests. */
export const openApiDocument = (server: { url: string; version: string }): Json => ({
  openapi: '3.1.0',
  info: {
    title: 'Chanjing Avatar Open API',
    version: server.version,
    description:
      'Every reply is an envelope `{trace_id, code, msg, data}` with HTTP 200; `code` 0 is success.\n\n' +
      `| code | meaning |\n|---|---|\n${codeTable}`,
  },
  servers: [{ url: server.url }],
  components: {
    securitySchemes: { token: { type: 'apiKey', in: 'header', name: TOKEN_HEADER } },
  },
  paths: Object.fromEntries(
    Object.entries(ENDPOINTS).map(([name, endpoint]) => [
      endpoint.path,
      { [endpoint.method.toLowerCase()]: operationOf(name, endpoint as AnyEndpoint) },
    ]),
  ),
});
