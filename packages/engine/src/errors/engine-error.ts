/**
 * Base of every failure that the engine reports on purpose. The message has one shape everywhere:
 * what was wrong, what was expected, what to do.
 */
export class EngineError extends Error {
  /** Stable machine-readable name of the failure, for example `face-not-found`. */
  readonly code: string;

  constructor(code: string, parts: { wrong: string; expected: string; remedy: string }, cause?: unknown) {
    super(`${parts.wrong} ${parts.expected} ${parts.remedy}`, { cause });
    this.name = new.target.name;
    this.code = code;
  }
}
