import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useText } from '../language/language.js';
import type { Draft, Source } from './draft.js';
import { facesIn, NEW_CLIP, nameOf } from './draft.js';
import { DropZone } from './drop-zone.js';
import { FaceChoice } from './face-choice.js';
import { kindOf } from './file-kinds.js';
import { stillClip } from './still-clip.js';
import { Trim } from './trim.js';

export type StepProps = { draft: Draft; change: (part: Partial<Draft>) => void };

/** An address of a source that players take. */
export const useSourceUrl = (source: Source | undefined): string | undefined => {
  const url = useMemo(
    () => (source?.kind === 'file' ? URL.createObjectURL(source.file) : source?.url),
    [source],
  );
  useEffect(
    () => () => {
      if (url?.startsWith('blob:')) URL.revokeObjectURL(url);
    },
    [url],
  );
  return url;
};

/** The person: a clip, or a picture of which a clip is made. */
export const ClipStep = (props: StepProps) => {
  const { draft, change } = props;
  const { clip } = draft;
  const t = useText();
  const [problem, setProblem] = useState('');
  const [isPlaying, setPlaying] = useState(false);
  const [isPreparing, setPreparing] = useState(false);
  const url = useSourceUrl(clip);
  const player = useRef<HTMLVideoElement>(null);

  const toggle = (): void => {
    const video = player.current;
    if (video?.paused) void video.play().catch(() => {});
    else video?.pause();
  };
  const take = async (file: File): Promise<void> => {
    const kind = kindOf(file);
    setProblem('');
    if (file.size === 0) return setProblem(t.emptyFile(file.name));
    if (kind !== 'video' && kind !== 'picture') return setProblem(t.wrongClip(file.name));
    if (kind === 'video') return change({ clip: { kind: 'file', file }, ...NEW_CLIP });
    setPreparing(true);
    try {
      change({ clip: { kind: 'file', file: await stillClip(file) }, ...NEW_CLIP });
    } catch {
      setProblem(t.wrongClip(file.name));
    } finally {
      setPreparing(false);
    }
  };

  return (
    <section class="card stack" aria-labelledby="step-clip">
      <h2 id="step-clip">{t.stepClip}</h2>
      <DropZone
        id="clip"
        accept="video/mp4,video/quicktime,video/webm,image/jpeg,image/png,image/webp,.mp4,.mov,.webm"
        title={t.dropClip}
        hint={clip ? (facesIn(clip).length > 0 ? t.chooseFace : t.faceHint) : t.clipKinds}
        action={clip ? t.changeFile : t.chooseFile}
        onFile={(file) => void take(file)}
      >
        {clip && url ? (
          <figure class="preview">
            <div class="stage">
              <video
                ref={player}
                src={url}
                muted
                loop
                playsInline
                aria-label={nameOf(clip)}
                onClick={toggle}
                onPlay={() => setPlaying(true)}
                onPause={() => setPlaying(false)}
                onLoadedMetadata={({ currentTarget }) => {
                  const { videoWidth: width, videoHeight: height, duration } = currentTarget;
                  // What was recorded in a browser may not say how long it is.
                  const clipSeconds = Number.isFinite(duration) ? duration : 0;
                  const { clipSize: known } = draft;
                  const isKnown = known?.width === width && known.height === height;
                  // Loaded again from the server, it is still the same clip: what was said about it stays.
                  if (width > 0 && !(isKnown && clipSeconds === draft.clipSeconds))
                    change({ clipSize: { width, height }, clipSeconds });
                }}
              />
              <FaceChoice {...props} />
            </div>
            <figcaption class="row">
              <button
                type="button"
                class="round"
                aria-label={isPlaying ? t.pauseClip : t.playClip}
                onClick={toggle}
              >
                {isPlaying ? '❚❚' : '▶'}
              </button>
              <span class="grow">{nameOf(clip)}</span>
              {clip.kind === 'uploaded' ? <span class="tag">{t.alreadyUploaded}</span> : null}
            </figcaption>
            <Trim {...props} url={url} player={player} />
          </figure>
        ) : undefined}
      </DropZone>
      {isPreparing ? <p role="status">{t.preparingPicture}</p> : null}
      {problem ? (
        <p class="failure" role="alert">
          {problem}
        </p>
      ) : null}
    </section>
  );
};
