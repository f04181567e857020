import { LIMITS } from '@chanjing-avatar/protocol';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { formatTenths } from '../language/format.js';
import { useText } from '../language/language.js';
import type { StepProps } from './clip-step.js';
import { usedPart } from './draft.js';
import { useFilmStrip } from './film-strip.js';

/** A shorter clip leaves nothing to choose. */
const SHORTEST = 1.5 * LIMITS.clipPartSeconds;
const STEP = 0.1;

const tenth = (seconds: number): number => Math.round(seconds * 10) / 10;

/** Plays only the part that is used, again and again. */
const useLoop = (player: RefObject<HTMLVideoElement | null>, start: number, end: number): void => {
  useEffect(() => {
    const video = player.current;
    if (!video) return;
    const look = (): void => {
      const isOutside = video.currentTime >= end - 0.02 || video.currentTime < start - 0.1;
      if (!video.paused && isOutside) video.currentTime = start;
    };
    video.addEventListener('timeupdate', look);
    video.addEventListener('play', look);
    return () => {
      video.removeEventListener('timeupdate', look);
      video.removeEventListener('play', look);
    };
  }, [player, start, end]);
};

type TrimProps = StepProps & { url: string; player: RefObject<HTMLVideoElement | null> };

/** Where the used part of the clip begins and ends: two handles on its pictures. */
export const Trim = ({ draft, change, url, player }: TrimProps) => {
  const t = useText();
  const seconds = draft.clipSeconds;
  const { start, end } = usedPart(draft);
  const strip = useFilmStrip(url);
  useLoop(player, start, end);
  if (seconds < SHORTEST) return null;
  const shortest = LIMITS.clipPartSeconds;
  const move = (part: { start?: number; end?: number }): void => {
    const from = part.start ?? start;
    const to = part.end ?? end;
    // The other handle stays; this one stops a second before it.
    const clipStart = part.start === undefined ? from : tenth(Math.max(0, Math.min(from, to - shortest)));
    const last = part.end === undefined ? to : tenth(Math.min(seconds, Math.max(to, from + shortest)));
    change({ clipStart, clipEnd: last >= tenth(seconds) ? undefined : last });
    if (player.current) {
      player.current.pause();
      player.current.currentTime = part.end === undefined ? clipStart : Math.max(clipStart, last - 0.04);
    }
  };
  const share = (value: number): string => `${((100 * value) / seconds).toFixed(2)}%`;
  const here = (): number => tenth(player.current?.currentTime ?? 0);
  const obey = (event: KeyboardEvent): void => {
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey || event.altKey || (key !== 'i' && key !== 'o')) return;
    event.preventDefault();
    move(key === 'i' ? { start: here() } : { end: here() });
  };
  const handles = [
    ['start', t.trimStart, start],
    ['end', t.trimEnd, end],
  ] as const;
  return (
    <fieldset class="trim" onKeyDown={obey}>
      <legend class="row">
        <span>{t.trim}</span>
        <span class="hint">
          {t.trimmed(formatTenths(start), formatTenths(end), formatTenths(end - start))}
        </span>
      </legend>
      <div class="trim-strip">
        <canvas ref={strip} />
        <div class="trim-off" style={{ left: 0, width: share(start) }} />
        <div class="trim-off" style={{ right: 0, width: share(seconds - end) }} />
        <div class="trim-kept" style={{ left: share(start), right: share(seconds - end) }} />
        {handles.map(([name, label, value]) => (
          <input
            key={name}
            type="range"
            name={`clip-${name}`}
            min={0}
            max={tenth(seconds)}
            step={STEP}
            value={value}
            aria-label={label}
            aria-valuetext={formatTenths(value)}
            title={t.trimHint}
            onInput={(event) => move({ [name]: event.currentTarget.valueAsNumber })}
          />
        ))}
      </div>
      <div class="row">
        <button type="button" class="quiet" onClick={() => move({ start: here() })}>
          {t.trimFromHere}
        </button>
        <button type="button" class="quiet" onClick={() => move({ end: here() })}>
          {t.trimToHere}
        </button>
        <button
          type="button"
          class="quiet push"
          disabled={start === 0 && draft.clipEnd === undefined}
          onClick={() => change({ clipStart: 0, clipEnd: undefined })}
        >
          {t.trimNone}
        </button>
      </div>
    </fieldset>
  );
};
