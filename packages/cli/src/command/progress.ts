import type { Io } from './io.js';
import type { Bilingual } from './locale.js';

/** A part of the work; `name` is for programs. */
export type WorkStage = Bilingual & { readonly name: string };

/** Shows how far something is; `end` clears the line. */
export type Progress = {
  show(stage: WorkStage, fraction: number): void;
  end(): void;
};

const WIDTH = 24;

const bar = (fraction: number): string => {
  const full = Math.round(fraction * WIDTH);
  return '█'.repeat(full) + '░'.repeat(WIDTH - full);
};

/** Between 0 and 1, whatever a server says. */
const clamped = (fraction: number): number => Math.min(1, Math.max(0, fraction || 0));

const displayOn = (io: Io, elsewhere: 'lines' | 'nothing'): Progress => {
  const isSilent = io.style === 'plain' && !io.isTerminal.stderr && elsewhere === 'nothing';
  if (io.style === 'quiet' || isSilent) return { show: () => {}, end: () => {} };
  let last = '';
  const once = (state: string, write: () => void): void => {
    if (state !== last) write();
    last = state;
  };
  if (io.style === 'json') {
    const show: Progress['show'] = (stage, fraction) => {
      const percent = Math.floor(fraction * 100);
      const event = { event: 'progress', stage: stage.name, percent };
      once(`${stage.name} ${percent}`, () => io.tell(event));
    };
    return { show, end: () => {} };
  }
  if (!io.isTerminal.stderr) {
    const show: Progress['show'] = (stage, fraction) => {
      const line = `${stage[io.locale]} ${Math.floor(fraction * 10) * 10}%`;
      once(line, () => io.note(line));
    };
    return { show, end: () => {} };
  }
  return {
    show: (stage, fraction) => {
      const line = `${bar(fraction)} ${String(Math.floor(fraction * 100)).padStart(3)}% ${stage[io.locale]}`;
      once(line, () => io.draw(`\r\x1b[K${line}`));
    },
    end: () => once('', () => io.draw('\r\x1b[K')),
  };
};

/** A bar on a terminal, else a line per stage and tenth, or nothing; in JSON style, JSON lines; in quiet style, nothing. */
export const progressOn = (io: Io, elsewhere: 'lines' | 'nothing' = 'lines'): Progress => {
  const { show, end } = displayOn(io, elsewhere);
  return { show: (stage, fraction) => show(stage, clamped(fraction)), end };
};

export const STAGES: Readonly<Record<'upload' | 'generate' | 'download', WorkStage>> = {
  upload: { name: 'upload', en: 'upload', zh: '上传' },
  generate: { name: 'generate', en: 'generate', zh: '生成' },
  download: { name: 'download', en: 'download', zh: '下载' },
};
