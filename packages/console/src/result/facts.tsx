import type { TaskReport } from '@chanjing-avatar/client';
import { formatNumber } from '../language/format.js';
import { useLanguage, useText } from '../language/language.js';

/** What the engine told about its work. */
export const Facts = ({ made: { report, driving_name } }: { made: TaskReport }) => {
  const t = useText();
  const language = useLanguage();
  if (!report) return <p class="notice">{t.noReport}</p>;
  const drivenBy = {
    phones: t.drivenByPhones,
    'aligned-phones': t.drivenByAligned,
    sound: t.drivenBySound,
  }[report.drivenBy];
  const took = Object.values(report.timings).reduce((sum, seconds) => sum + seconds, 0);
  const share = (frames: number): string =>
    `${formatNumber(language, frames)} / ${formatNumber(language, report.frames)}`;
  const facts = [
    [t.driving, driving_name],
    [t.picture, `${report.width}×${report.height}, ${Number(report.fps.toFixed(3))} fps`],
    [t.length, t.seconds(formatNumber(language, report.durationSeconds, 2))],
    ...(report.voice ? [[t.voice, report.voice.name]] : []),
    [t.drivenBy, drivenBy],
    [t.closedFrames, share(report.sync.closedFrames)],
    [t.withoutFace, share(report.framesWithoutFace)],
    [t.took, t.seconds(formatNumber(language, took, 1))],
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
