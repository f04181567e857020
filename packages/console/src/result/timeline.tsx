import type { MadeReport } from '@chanjing-avatar/client';
import { useEffect, useRef } from 'preact/hooks';
import { formatClock } from '../language/format.js';
import { useText } from '../language/language.js';
import { drawTimeline, ROWS } from './draw-timeline.js';
import type { Players } from './use-players.js';

type TimelineProps = { report: MadeReport; frame: number; players: Players };

/** Frames that each key goes on. */
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageDown: -25, PageUp: 25 };

/** True when the key means something here. */
const obey = (key: string, { step, show, toggle }: Players, last: number): boolean => {
  if (Object.hasOwn(STEPS, key)) step(STEPS[key]!);
  else if (key === 'Home') show(0);
  else if (key === 'End') show(last);
  else if (key === ' ') toggle();
  else return false;
  return true;
};

/** What is said at a time: the sentence, the word and the sound of speech. */
const saidAt = ({ timeline }: MadeReport, seconds: number): string => {
  const within = ({ start, end }: { start: number; end: number }): boolean =>
    start <= seconds && seconds < end;
  const { sentences, words = [], phones } = timeline;
  return [sentences.find(within)?.text, words.find(within)?.text, phones.find(within)?.ipa]
    .filter(Boolean)
    .join(' · ');
};

/** The report in time; dragging it or its keys move through the video. */
export const Timeline = ({ report, frame, players }: TimelineProps) => {
  const t = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current!;
    const draw = (): void => drawTimeline(element, report, t.noFace);
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    const themes = new MutationObserver(draw);
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    return () => {
      observer.disconnect();
      themes.disconnect();
      scheme.removeEventListener('change', draw);
    };
  }, [report, t]);

  const last = report.frames - 1;
  const seconds = (frame + 0.5) / report.fps;
  const drag = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - left) / width));
    players.show(Math.min(last, Math.floor(share * report.frames)));
  };
  const said = saidAt(report, seconds);
  const rows = [
    [t.trackSound, ROWS.sound],
    [t.trackOpening, ROWS.opening],
    [t.trackPhones, ROWS.phones],
    [t.trackWords, ROWS.words],
  ] as const;
  return (
    <div class="timeline">
      <div class="timeline-names" aria-hidden="true">
        {rows.map(([name, height]) => (
          <span key={name} style={{ height: `${height}px` }}>
            {name}
          </span>
        ))}
      </div>
      <div
        class="timeline-rows"
        role="slider"
        tabIndex={0}
        aria-label={t.timeline}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={Math.min(last, frame)}
        aria-valuetext={`${formatClock(seconds)}, ${t.frameOf(Math.min(last, frame) + 1, report.frames)}${said ? `, ${said}` : ''}`}
        title={t.timelineHint}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag(event);
        }}
        onPointerMove={(event) => {
          if (event.buttons === 1) drag(event);
        }}
        onKeyDown={(event) => {
          if (obey(event.key, players, last)) event.preventDefault();
        }}
      >
        <canvas ref={canvas} />
        <div class="playhead" style={{ left: `${((frame + 0.5) / report.frames) * 100}%` }} />
      </div>
      <p class="said" aria-hidden="true">
        {said || ' '}
      </p>
    </div>
  );
};
