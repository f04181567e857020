import { EngineError } from '@chanjing-avatar/engine';

/** Base of the failures that keep the server from starting or running; shown to the person who operates it. */
export class ServerError extends EngineError {
  readonly code: string;
  readonly fault = 'infrastructure';

  constructor(code: string, parts: { wrong: string; expected: string; remedy: string }, cause?: unknown) {
    super(parts, cause);
    this.code = code;
  }
}
