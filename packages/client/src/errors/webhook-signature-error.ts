import { ChanjingError } from './chanjing-error.js';

/** A callback is not from who it claims to be, or too old. Answer it with 401 and use nothing of it. */
export class WebhookSignatureError extends ChanjingError {
  override readonly name: string = 'WebhookSignatureError';
  override readonly kind = 'webhook-signature';
  override readonly fault = 'input';
}
