import type { Io } from './io.js';
import type { Bilingual } from './locale.js';

/** Shows how far something is; `end` clears the line. */
export type Progress = {
  show(stage: Bilingual, fraction: number): void;
  end(): void;
};

const WIDTH = 24;

const bar = (fraction: number): string => {
  const full = Math.round(fraction * WIDTH);
  return '█'.repeat(full) + '░'.repeat(WIDTH - full);
};

/**
 * A bar on a terminal; one JSON object a line with `--json`; nothing with `--quiet`; otherwise a line per stage and
 * tenth.
 */
export const progressOn = (io: Io, switches: ReadonlySet<string>): Progress => {
  if (switches.has('quiet')) return { show: () => {}, end: () => {} };
  let last = '';
  const once = (state: string, write: () => void): void => {
    if (state !== last) write();
    last = state;
  };
  if (switches.has('json')) {
    const show: Progress['show'] = (stage, fraction) => {
      const event = JSON.stringify({ stage: stage.en, percent: Math.floor(fraction * 100) });
      once(event, () => io.note(event));
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

export const STAGES: Readonly<Record<'upload' | 'generate' | 'download', Bilingual>> = {
  upload: { en: 'upload', zh: '上传' },
  generate: { en: 'generate', zh: '生成' },
  download: { en: 'download', zh: '下载' },
};
