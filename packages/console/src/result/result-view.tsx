import type { TaskReport } from '@chanjing-avatar/client';
import { useRef, useState } from 'preact/hooks';
import { Calls } from '../calls/calls.js';
import { formatTenths } from '../language/format.js';
import { useText } from '../language/language.js';
import { resultExample } from '../task/task-example.js';
import { Downloads } from './downloads.js';
import { Facts } from './facts.js';
import { type Arrangement, Pictures } from './pictures.js';
import { Timeline } from './timeline.js';
import { usePlayers } from './use-players.js';

const USUAL_FPS = 25;

/** The video beside what it was made of, and everything known of it. */
export const ResultView = ({ made }: { made: TaskReport }) => {
  const t = useText();
  const { task, report, driving_url: drivingUrl } = made;
  const result = useRef<HTMLVideoElement>(null);
  const driving = useRef<HTMLVideoElement>(null);
  const [arrangement, setArrangement] = useState<Arrangement>('side');
  const [wipe, setWipe] = useState(0.5);
  const [isZoomed, setZoomed] = useState(false);
  const [isMuted, setMuted] = useState(false);
  const [aspect, setAspect] = useState(report ? report.width / report.height : 9 / 16);
  const fps = report?.fps ?? USUAL_FPS;
  const players = usePlayers(result, driving, report, fps);
  const frames = report?.frames ?? Math.max(1, Math.round((task.duration / 1000) * fps));
  const frame = Math.min(frames - 1, players.frame);
  const arrangements = [
    ['side', t.sideBySide],
    ['wipe', t.wipe],
    ['result', t.onlyResult],
  ] as const;

  return (
    <>
      <section class="card stack" aria-label={t.result}>
        <div class="row">
          <fieldset class="switch" aria-label={t.view}>
            {arrangements.map(([name, label]) => (
              <button
                key={name}
                type="button"
                aria-pressed={arrangement === name}
                disabled={!drivingUrl && name !== 'result'}
                onClick={() => setArrangement(name)}
              >
                {label}
              </button>
            ))}
          </fieldset>
          <label class="check">
            <input
              type="checkbox"
              checked={isZoomed}
              onChange={(event) => setZoomed(event.currentTarget.checked)}
            />
            {t.zoomMouth}
          </label>
          <label class="check">
            <input
              type="checkbox"
              checked={!isMuted}
              onChange={(event) => setMuted(!event.currentTarget.checked)}
            />
            {t.sound}
          </label>
        </div>
        {drivingUrl ? null : <p class="notice">{t.clipGone}</p>}
        <Pictures
          made={{ resultUrl: task.video_url, drivingUrl }}
          report={report}
          aspect={aspect}
          arrangement={arrangement}
          wipe={wipe}
          frame={frame}
          isZoomed={isZoomed}
          isMuted={isMuted}
          result={result}
          driving={driving}
          onWipe={setWipe}
          onResultSize={(width, height) => height > 0 && setAspect(width / height)}
        />
        {arrangement === 'wipe' && drivingUrl ? (
          <input
            type="range"
            min="0"
            max="1"
            step="0.01"
            value={wipe}
            aria-label={t.wipePosition}
            onInput={(event) => setWipe(event.currentTarget.valueAsNumber)}
          />
        ) : null}
        <div class="row transport">
          <button type="button" class="round" aria-label={t.frameBack} onClick={() => players.step(-1)}>
            ‹
          </button>
          <button
            type="button"
            class="round primary"
            aria-label={players.isPlaying ? t.pause : t.play}
            onClick={players.toggle}
          >
            {players.isPlaying ? '❚❚' : '▶'}
          </button>
          <button type="button" class="round" aria-label={t.frameForth} onClick={() => players.step(1)}>
            ›
          </button>
          <span class="clock">
            {formatTenths(frame / fps)} / {formatTenths(task.duration / 1000)}
          </span>
          <span class="hint">{t.frameOf(frame + 1, frames)}</span>
        </div>
        {report ? <Timeline report={report} frame={frame} players={players} /> : null}
      </section>
      <div class="columns">
        <Downloads made={made} />
        <Facts made={made} />
      </div>
      <Calls example={resultExample(task.id)} />
    </>
  );
};
