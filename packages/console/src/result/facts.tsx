import type { TaskReport } from '@chanjing-avatar/client';
import { useText } from '../language/language.js';

/** What the engine told about its work. */
export const Facts = ({ made: { report, driving_name } }: { made: TaskReport }) => {
  const t = useText();
  if (!report) return <p class="notice">{t.noReport}</p>;
  const drivenBy = {
    phones: t.drivenByPhones,
    'aligned-phones': t.drivenByAligned,
    sound: t.drivenBySound,
  }[report.drivenBy];
  const took = Object.values(report.timings).reduce((sum, seconds) => sum + seconds, 0);
  const share = (frames: number): string => `${frames} / ${report.frames}`;
  const facts = [
    [t.driving, driving_name],
    [t.picture, `${report.width}×${report.height}, ${report.fps} fps`],
    [t.length, t.seconds(report.durationSeconds.toFixed(2))],
    ...(report.voice ? [[t.voice, report.voice.name]] : []),
    [t.drivenBy, drivenBy],
    [t.closedFrames, share(report.sync.closedFrames)],
    [t.withoutFace, share(report.framesWithoutFace)],
    [t.took, t.seconds(took.toFixed(1))],
  ];
  return (
    <section class="card stack" aria-labelledby="facts">
      <h2 id="facts">{t.howMade}</h2>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {report.notices.map((notice) => (
        <p key={notice} class="notice">
          {notice}
        </p>
      ))}
    </section>
  );
};
