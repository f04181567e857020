import { ChanjingError } from './chanjing-error.js';

/** The server failed on its side (50000, 51000 and other codes it does not explain). */
export class ServerError extends ChanjingError {
  override readonly name: string = 'ServerError';
  override readonly kind = 'server';
  override readonly fault = 'infrastructure';
}
