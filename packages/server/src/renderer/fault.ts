import { EngineError, MissingFileError, OutputNotWritableError } from '@chanjing-avatar/engine';
import type { Fault } from './messages.js';

/** The files that a job reads and writes are the server's own. */
const isOwnFile = (error: EngineError): boolean =>
  error instanceof MissingFileError || error instanceof OutputNotWritableError;

/** Whatever is not known to be the caller's fault is the machine's: no good upload is refused for it at once. */
export const faultOf = (error: unknown): Fault =>
  error instanceof EngineError && !isOwnFile(error) ? error.fault : 'infrastructure';
