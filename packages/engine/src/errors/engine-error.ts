type ErrorParts = { readonly wrong: string; readonly expected: string; readonly remedy: string };

/**
 * Who can do something about a failure: whoever chose the video, the speech and the options (`input`: the same again
 * would fail again), or whoever runs the machine (`infrastructure`).
 */
export type Fault = 'input' | 'infrastructure';

/**
 * Base of every failure that the engine reports on purpose. The message has one shape everywhere:
 * what was wrong, what was expected, what to do.
 */
export abstract class EngineError extends Error {
  /** Stable machine-readable name of the failure, for example `face-not-found`. */
  abstract readonly code: string;
  abstract readonly fault: Fault;
  /** The sentences of the message, for callers to whom something else is open. */
  readonly parts: ErrorParts;

  constructor(parts: ErrorParts, cause?: unknown) {
    super(`${parts.wrong} ${parts.expected} ${parts.remedy}`, { cause });
    this.name = new.target.name;
    this.parts = parts;
  }
}
