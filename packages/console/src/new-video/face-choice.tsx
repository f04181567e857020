import { useText } from '../language/language.js';
import type { StepProps } from './clip-step.js';
import { facesIn } from './draft.js';

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)}%`;

/** Boxes over the preview, one for each face: who is pressed speaks. */
export const FaceChoice = ({ draft: { clip, face }, change }: StepProps) => {
  const t = useText();
  const picture = clip?.kind === 'uploaded' ? clip.picture : undefined;
  if (!picture) return null;
  return (
    <fieldset class="faces" aria-label={t.chooseFace}>
      {facesIn(clip).map((box, index) => {
        const number = String(index + 1);
        return (
          <button
            type="button"
            key={number}
            class="face"
            aria-label={t.faceNumber(index + 1)}
            aria-pressed={face === number}
            style={{
              left: percent(box.x, picture.width),
              top: percent(box.y, picture.height),
              width: percent(box.width, picture.width),
              height: percent(box.height, picture.height),
            }}
            onClick={() => change({ face: face === number ? '' : number })}
          >
            {number}
          </button>
        );
      })}
    </fieldset>
  );
};
