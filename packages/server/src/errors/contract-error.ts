import type { Code } from '@chanjing-avatar/protocol';
import { CODE } from '@chanjing-avatar/protocol';

/** A refusal that the caller of the API sees as `code` and `msg` of the envelope. */
export class ContractError extends Error {
  readonly code: Code;
  /** Seconds for the `Retry-After` header. */
  readonly retryAfter: number | undefined;

  constructor(code: Code, msg: string, retryAfter?: number) {
    super(msg);
    this.name = 'ContractError';
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** The value of a field is not allowed: names the field, what was received and what is allowed. */
export const parameterError = (field: string, received: unknown, expected: string): ContractError =>
  new ContractError(CODE.parameter, `${field}: received ${JSON.stringify(received)}, expected ${expected}`);
