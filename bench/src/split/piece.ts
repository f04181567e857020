import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FinishOptions, LipSyncOptions, PrepareOptions, SegmentsOptions } from '@chanjing-avatar/engine';

export type Piece =
  | { kind: 'whole'; options: LipSyncOptions }
  | { kind: 'plan'; directory: string; prepared: string; options: PrepareOptions }
  /** `times`: when each was complete, in seconds since the process began. */
  | { kind: 'segments'; times: string; options: SegmentsOptions }
  | { kind: 'finish'; options: FinishOptions };

/** Seconds on the clock, and of the processor, ffmpegs included. */
export type Cost = { wall: number; cpu: number };

const SCRIPT = fileURLToPath(new URL('do-piece.js', import.meta.url));

/** Does a piece in a process; what bash's `time` says of it and of all its children. */
export const timePiece = (piece: Piece): Promise<Cost> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const command = ['bash', 'node', SCRIPT, JSON.stringify(piece)];
    const child = spawn('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@"', ...command], {
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.once('close', (code) => {
      if (code !== 0) return reject(new Error(`the piece ${piece.kind} exited with ${code}: ${said}`));
      const [user, system] = said.trim().split('\n').at(-1)!.split(' ').map(Number);
      resolve({ wall: (performance.now() - began) / 1000, cpu: user! + system! });
    });
  });
