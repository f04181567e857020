/** A command cannot do its work, for a reason that the engine knows nothing of. The message says what to do. */
export class CommandError extends Error {
  /** Stable name, for machines. */
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
