import { expect, it } from 'vitest';
import { ENDPOINTS } from './endpoints.js';
import { openApiDocument } from './openapi.js';

type Operation = {
  parameters?: { name: string; required: boolean; schema: object }[];
  requestBody?: { content: { 'application/json': { schema: { properties: Record<string, object> } } } };
};

const document = openApiDocument({ url: 'http://localhost', version: '1' }) as {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
};

it('describes every endpoint', () => {
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths).sort()).toEqual(
    Object.values(ENDPOINTS)
      .map((e) => e.path)
      .sort(),
  );
});

it('describes the fields, bounds and defaults of create', () => {
  const body = document.paths['/open/v1/video_lip_sync/create']!.post!.requestBody!;
  const { properties } = body.content['application/json'].schema;
  expect(properties.volume).toMatchObject({ type: 'integer', minimum: 1, maximum: 100, default: 100 });
  expect(properties.screen_width).toMatchObject({ minimum: 64, maximum: 4096, default: 1080 });
});

it('says what the fields of create mean and how long texts may be', () => {
  const body = document.paths['/open/v1/video_lip_sync/create']!.post!.requestBody!;
  const { properties } = body.content['application/json'].schema;
  for (const field of Object.values(properties)) {
    expect(field).toMatchObject({ description: expect.stringMatching(/\.$/) });
  }
  expect(properties.transcript).toMatchObject({ maxLength: 40_000 });
  expect(properties.face).toMatchObject({ type: 'string', pattern: expect.any(String) });
  expect(properties.background).toMatchObject({ type: 'string', pattern: expect.any(String) });
});

it('names no bounds that are only those of the language', () => {
  expect(JSON.stringify(document)).not.toContain(String(Number.MAX_SAFE_INTEGER));
});

it('describes query parameters of GET calls', () => {
  const { parameters } = document.paths['/open/v1/common/create_upload_url']!.get!;
  expect(parameters!.map((p) => [p.name, p.required])).toEqual([
    ['service', true],
    ['name', true],
  ]);
});
