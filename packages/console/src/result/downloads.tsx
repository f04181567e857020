import type { TaskReport } from '@chanjing-avatar/client';
import { useEffect, useMemo } from 'preact/hooks';
import { useText } from '../language/language.js';

/** Everything that can be taken home. */
export const Downloads = ({ made: { task, subtitles_url, report } }: { made: TaskReport }) => {
  const t = useText();
  const reportUrl = useMemo(
    () =>
      report
        ? URL.createObjectURL(new Blob([JSON.stringify(report, null, 2)], { type: 'application/json' }))
        : '',
    [report],
  );
  useEffect(() => () => URL.revokeObjectURL(reportUrl), [reportUrl]);
  const files = [
    [t.video, task.video_url, 'mp4'],
    [t.cover, task.preview_url, 'jpg'],
    [t.subtitles, subtitles_url, 'srt'],
    [t.report, reportUrl, 'json'],
  ] as const;
  return (
    <section class="card stack" aria-labelledby="downloads">
      <h2 id="downloads">{t.downloads}</h2>
      <div class="row">
        {files
          .filter(([, url]) => url !== '')
          .map(([name, url, extension]) => (
            <a key={extension} class="button" href={url} download={`${task.id}.${extension}`}>
              {name} <span class="hint">.{extension}</span>
            </a>
          ))}
      </div>
    </section>
  );
};
