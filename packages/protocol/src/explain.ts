import type { z } from 'zod';
import { CODE } from './codes.js';

/** Why a request was refused. */
export type Refusal = { code: typeof CODE.malformed | typeof CODE.parameter; msg: string };

export type Parsed<Request> = { ok: true; request: Request } | { ok: false; refusal: Refusal };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Levels of objects in any request; what is nested deeper is no field and is never walked through. */
const MAX_DEPTH = 3;

/** Many JSON clients write null for a field that is not set; the contract knows no null in requests. */
const withoutNulls = (value: unknown, depth = 0): unknown => {
  if (!isObject(value) || depth === MAX_DEPTH) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(entries.map(([name, field]) => [name, withoutNulls(field, depth + 1)]));
};

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    input,
  );

const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    return 'a value nested too deeply';
  }
  const length = typeof value === 'string' ? [...value].length : text.length;
  return text.length > 80
    ? `${text.slice(0, 77).replace(/[\uD800-\uDBFF]$/, '')}… (${length} characters)`
    : text;
};

/** A wrong JSON type is a malformed request; a missing or disallowed value is a parameter error. */
const isWrongType = (issue: z.core.$ZodIssue, value: unknown): boolean => {
  if (value === undefined) return false;
  if (issue.code === 'invalid_union') return typeof value !== 'string' && !Array.isArray(value);
  if (issue.code === 'invalid_value') return issue.values.every((allowed) => typeof allowed !== typeof value);
  if (issue.code !== 'invalid_type') return false;
  return !((issue.expected === 'number' || issue.expected === 'int') && typeof value === 'number');
};

const SECRET_FIELDS = new Set<PropertyKey>(['secret_key', 'app_id']);

const explainIssue = (issue: z.core.$ZodIssue, input: unknown): string => {
  const field = issue.path.map(String).join('.') || 'request';
  const value = valueAt(input, issue.path);
  const hidden = value !== undefined && issue.path.some((key) => SECRET_FIELDS.has(key));
  return `${field}: received ${hidden ? 'a value that is not text' : shown(value)}, expected ${issue.message}`;
};

/**
 * Reads a request. A refusal's `msg` names each field, what was received and what is allowed (at most three
 * fields; secrets are never repeated).
 */
export const parseRequest = <Request>(schema: z.ZodType<Request>, body: unknown): Parsed<Request> => {
  if (!isObject(body)) {
    const msg = `request: received ${shown(body)}, expected a JSON object`;
    return { ok: false, refusal: { code: CODE.malformed, msg } };
  }
  const input = withoutNulls(body);
  const result = schema.safeParse(input);
  if (result.success) return { ok: true, request: result.data };
  const issues = result.error.issues;
  const malformed = issues.some((issue) => isWrongType(issue, valueAt(input, issue.path)));
  const msg = issues
    .slice(0, 3)
    .map((issue) => explainIssue(issue, input))
    .join('; ');
  return { ok: false, refusal: { code: malformed ? CODE.malformed : CODE.parameter, msg } };
};
