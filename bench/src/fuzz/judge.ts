import type { Reply } from '../server/call.js';

/** Counts answers, and those that the contract does not know. */
export type Judge = {
  readonly faults: ReadonlyMap<string, number>;
  readonly codes: ReadonlyMap<number, number>;
  fault(what: string): void;
  judge(what: string, status: number, text: string): void;
};

const CONTRACT_CODES = new Set([0, 400, 10400, 40000, 40001, 40002]);

/** @param secrets of another app, that no answer may contain */
export const judgeOf = (secrets: readonly string[]): Judge => {
  const faults = new Map<string, number>();
  const codes = new Map<number, number>();

  const fault = (what: string): void => {
    faults.set(what, (faults.get(what) ?? 0) + 1);
    if ((faults.get(what) ?? 0) <= 3) process.stderr.write(`${what}\n`);
  };

  const judge = (what: string, status: number, text: string): void => {
    let reply: Reply<unknown>;
    try {
      reply = JSON.parse(text) as Reply<unknown>;
    } catch {
      fault(`${what}: HTTP ${status}, not an envelope: ${text.slice(0, 100)}`);
      return;
    }
    codes.set(reply.code, (codes.get(reply.code) ?? 0) + 1);
    if (status >= 500) fault(`${what}: HTTP ${status}`);
    if (!CONTRACT_CODES.has(reply.code)) fault(`${what}: code ${reply.code} ${reply.msg}`);
    if (!/^[0-9a-f]{32}$/.test(reply.trace_id)) fault(`${what}: trace_id ${reply.trace_id}`);
    if (secrets.some((secret) => text.includes(secret))) fault(`${what}: shows the victim's data`);
    if (/postgres|pg-boss|node_modules|\/src\/|SQLSTATE| at .*\.js:/.test(reply.msg))
      fault(`${what}: shows insides: ${reply.msg}`);
  };

  return { faults, codes, fault, judge };
};
