import type { MadeReport } from '@chanjing-avatar/client';
import type { ComponentChildren, CSSProperties, RefObject } from 'preact';
import { useText } from '../language/language.js';

export type Arrangement = 'side' | 'wipe' | 'result';

const ZOOM = 3.2;

/** Pictures of this shape and wider lie one below the other where there is no room beside. */
const WIDE = 1.2;

const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

/** Enlarged around the mouth, which stays in the middle as far as the picture goes. */
const zoomOf = (report: MadeReport | null, frame: number, isZoomed: boolean): CSSProperties => {
  if (!isZoomed) return {};
  const mouth = report?.timeline.mouth;
  const x = mouth?.x[Math.min(frame, mouth.x.length - 1)] ?? 0.5;
  const y = mouth?.y[Math.min(frame, mouth.y.length - 1)] ?? 0.6;
  const shift = (at: number): string => percent(Math.max(1 - ZOOM, Math.min(0, 0.5 - at * ZOOM)));
  return { transform: `translate(${shift(x)}, ${shift(y)}) scale(${ZOOM})` };
};

/** The part of the driving clip that the result shows. */
const cropOf = (report: MadeReport | null): CSSProperties => {
  const crop = report?.timeline.crop;
  if (!crop) return { objectFit: 'cover' };
  return {
    width: percent(1 / crop.width),
    height: percent(1 / crop.height),
    left: percent(-crop.x / crop.width),
    top: percent(-crop.y / crop.height),
  };
};

type PictureProps = { label: string; zoom: CSSProperties; children: ComponentChildren };

const Picture = ({ label, zoom, children }: PictureProps) => (
  <div class="picture">
    <div class="zoom" style={zoom}>
      {children}
    </div>
    <span class="picture-label">{label}</span>
  </div>
);

type PicturesProps = {
  made: { resultUrl: string; drivingUrl: string };
  report: MadeReport | null;
  aspect: number;
  arrangement: Arrangement;
  /** Share of the width at which the driving clip ends in a wipe. */
  wipe: number;
  onWipe: (share: number) => void;
  frame: number;
  isZoomed: boolean;
  isMuted: boolean;
  result: RefObject<HTMLVideoElement | null>;
  driving: RefObject<HTMLVideoElement | null>;
  onResultSize: (width: number, height: number) => void;
};

/** Driving clip and result: beside each other, or one over the other. */
export const Pictures = (props: PicturesProps) => {
  const t = useText();
  const { made, report, arrangement, frame, isZoomed } = props;
  const zoom = zoomOf(report, frame, isZoomed);
  const hasDriving = made.drivingUrl !== '';
  const shown = hasDriving ? arrangement : 'result';
  const drag = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    if (shown !== 'wipe' || event.buttons !== 1) return;
    const { left, width } = event.currentTarget.querySelector('.picture')!.getBoundingClientRect();
    props.onWipe(Math.max(0, Math.min(1, (event.clientX - left) / width)));
  };
  return (
    <div
      class={`pictures ${shown}${props.aspect > WIDE ? ' wide' : ''}`}
      onPointerDown={drag}
      onPointerMove={drag}
      style={{ '--aspect': String(props.aspect), '--wipe': percent(1 - props.wipe) } as CSSProperties}
    >
      {hasDriving ? (
        <Picture label={t.driving} zoom={zoom}>
          <video
            ref={props.driving}
            class="driving"
            style={cropOf(report)}
            src={made.drivingUrl}
            muted
            playsInline
            preload="auto"
            aria-label={t.driving}
          />
        </Picture>
      ) : null}
      {shown === 'wipe' ? <div class="picture divider" aria-hidden="true" /> : null}
      <Picture label={t.result} zoom={zoom}>
        <video
          ref={props.result}
          class="made"
          src={made.resultUrl}
          muted={props.isMuted}
          playsInline
          preload="auto"
          aria-label={t.result}
          onLoadedMetadata={({ currentTarget: { videoWidth, videoHeight } }) =>
            props.onResultSize(videoWidth, videoHeight)
          }
        />
      </Picture>
    </div>
  );
};
