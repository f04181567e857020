export { EngineError } from './errors/engine-error.js';
