import type { MadeReport } from '@chanjing-avatar/client';

/** Heights of the rows in CSS pixels. */
export const ROWS = { sound: 44, opening: 44, phones: 22, words: 24 } as const;
const TIMELINE_HEIGHT: number = Object.values(ROWS).reduce((sum, height) => sum + height, 0);

type Colours = Readonly<Record<'ink' | 'faint' | 'accent' | 'warn' | 'line', string>>;

/** The colours of the theme that is shown: of a canvas nothing else has a colour. */
const coloursOf = (element: HTMLElement): Colours => {
  const read = (name: string): string => {
    element.style.color = `var(--${name})`;
    return getComputedStyle(element).color;
  };
  return {
    ink: read('ink'),
    faint: read('faint'),
    accent: read('accent'),
    warn: read('warn'),
    line: read('line'),
  };
};

/** One value of each pixel column: the highest of the frames that fall on it. */
const columns = (values: readonly number[], width: number): number[] =>
  Array.from({ length: width }, (_, x) => {
    const from = Math.floor((x / width) * values.length);
    const to = Math.max(from + 1, Math.ceil(((x + 1) / width) * values.length));
    let highest = 0;
    for (let i = from; i < to && i < values.length; i++) highest = Math.max(highest, values[i]!);
    return highest;
  });

type Spot = { readonly start: number; readonly end: number; readonly text: string };

/**
 * Draws a report: sound, opening, speech sounds, words (sentences where words have no times), and the stretches without a
 * face over all of them, with these words in them.
 */
export const drawTimeline = (canvas: HTMLCanvasElement, report: MadeReport, noFace: string): void => {
  const ratio = devicePixelRatio || 1;
  const width = canvas.clientWidth;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(TIMELINE_HEIGHT * ratio);
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  const colours = coloursOf(canvas);
  const { timeline, durationSeconds: duration } = report;
  const at = (seconds: number): number => (seconds / duration) * width;

  const loudest = Math.max(0.05, ...columns(timeline.level, width));
  context.fillStyle = colours.faint;
  columns(timeline.level, width).forEach((value, x) => {
    const height = Math.max(1, (value / loudest) * (ROWS.sound - 8));
    context.fillRect(x, (ROWS.sound - height) / 2, 1, height);
  });

  const widest = Math.max(0.05, report.sync.widestAperture);
  const floor = ROWS.sound + ROWS.opening - 3;
  context.fillStyle = colours.accent;
  columns(timeline.aperture, width).forEach((value, x) => {
    const height = Math.max(1, (value / widest) * (ROWS.opening - 8));
    context.fillRect(x, floor - height, 1, height);
  });

  const spots = (list: readonly Spot[], top: number, height: number, font: string): void => {
    context.font = font;
    context.textBaseline = 'middle';
    for (const { start, end, text } of list) {
      const [left, right] = [at(start), at(end)];
      context.strokeStyle = colours.line;
      context.strokeRect(left + 0.5, top + 1.5, Math.max(1, right - left - 1), height - 3);
      context.fillStyle = colours.ink;
      const wide = context.measureText(text).width;
      // A word that does not fit says nothing.
      const place = left + Math.min(4, (right - left - wide) / 2);
      if (wide < right - left) context.fillText(text, place, top + height / 2 + 0.5);
    }
  };
  const phonesTop = ROWS.sound + ROWS.opening;
  const phones = timeline.phones.map(({ start, end, ipa }) => ({ start, end, text: ipa }));
  spots(phones, phonesTop, ROWS.phones, '11px system-ui, sans-serif');
  const { words = [], sentences } = timeline;
  const said = words.length > 0 ? words : sentences;
  spots(said, phonesTop + ROWS.phones, ROWS.words, '12px system-ui, sans-serif');

  context.fillStyle = colours.warn;
  context.font = '11px system-ui, sans-serif';
  for (const { start, end } of report.spansWithoutFace) {
    const [left, wide] = [at(start), Math.max(1, at(end) - at(start))];
    context.globalAlpha = 0.2;
    context.fillRect(left, 0, wide, TIMELINE_HEIGHT);
    context.globalAlpha = 1;
    if (context.measureText(noFace).width + 8 < wide) context.fillText(noFace, left + 4, 9);
  }
};
