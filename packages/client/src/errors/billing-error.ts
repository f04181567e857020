import { ChanjingError } from './chanjing-error.js';

/** The account cannot pay for this (扣费失败, 余额不足, 蝉豆不足, …). Nothing helps but topping up. */
export class BillingError extends ChanjingError {
  override readonly name: string = 'BillingError';
  override readonly kind = 'billing';
  override readonly fault = 'account';
}
