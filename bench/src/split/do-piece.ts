/** One piece of a video in a process of its own, as a server gives it out: node do-piece.js JSON */
import { writeFileSync } from 'node:fs';
import { finishLipSync, lipSync, planLipSync, renderSegments } from '@chanjing-avatar/engine';
import type { Piece } from './piece.js';

const piece = JSON.parse(process.argv[2]!) as Piece;
switch (piece.kind) {
  case 'whole':
    await lipSync(piece.options);
    break;
  case 'plan':
    writeFileSync(piece.prepared, JSON.stringify(await planLipSync(piece.directory, piece.options)));
    break;
  case 'segments': {
    const times: number[] = [];
    const onSegment = (): void => void times.push(performance.now() / 1000);
    await renderSegments({ ...piece.options, onSegment });
    writeFileSync(piece.times, JSON.stringify(times));
    break;
  }
  case 'finish':
    await finishLipSync(piece.options);
    break;
}
