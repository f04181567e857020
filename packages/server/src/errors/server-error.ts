import { EngineError } from '@chanjing-avatar/engine';

/** Base of the failures that keep the server from starting or running; shown to the person who operates it. */
export class ServerError extends EngineError {}
