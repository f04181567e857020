import { LIMITS, VIDEO_OPTIONS, type VideoOptionName } from '@chanjing-avatar/protocol';
import { useLanguage, useText } from '../language/language.js';
import type { StepProps } from './clip-step.js';
import { chosenSize, type SizeChoice } from './draft.js';

type NumberFieldProps = {
  name: VideoOptionName;
  value: number;
  onValue: (value: number) => void;
  step?: number;
};

/** A number of the API with what it is for, both said once in the protocol. */
const NumberField = ({ name, value, onValue, step = 1 }: NumberFieldProps) => {
  const { about, range } = VIDEO_OPTIONS[name];
  const label = about[useLanguage()];
  return (
    <label class="field">
      <span>{`${label[0]!.toUpperCase()}${label.slice(1)}`}</span>
      <input
        type="number"
        name={name}
        value={value}
        min={range?.min}
        max={range?.max}
        step={step}
        onInput={({ currentTarget }) => {
          if (currentTarget.validity.valid && currentTarget.value !== '')
            onValue(currentTarget.valueAsNumber);
        }}
      />
    </label>
  );
};

const sizeText = ({ width, height }: { width: number; height: number }): string => `${width}×${height}`;

const SizeField = ({ draft, change }: StepProps) => {
  const t = useText();
  const own = chosenSize({ ...draft, sizeChoice: 'clip' });
  return (
    <label class="field">
      <span>{t.size}</span>
      <select
        name="size"
        value={draft.sizeChoice}
        onChange={({ currentTarget }) => {
          const sizeChoice = currentTarget.value as SizeChoice;
          change({ sizeChoice, ...(sizeChoice === 'own' ? { size: chosenSize(draft) } : {}) });
        }}
      >
        <option value="clip">{t.sizeClip(draft.clipSize ? sizeText(own) : '…')}</option>
        <option value="portrait">{t.sizePortrait}</option>
        <option value="landscape">{t.sizeLandscape}</option>
        <option value="square">{t.sizeSquare}</option>
        <option value="own">{t.sizeOwn}</option>
      </select>
    </label>
  );
};

/** Size and options, with what they mean. */
export const LookStep = (props: StepProps) => {
  const t = useText();
  const language = useLanguage();
  const { draft, change } = props;
  const { width, height } = draft.size;
  return (
    <section class="card stack" aria-labelledby="step-look">
      <h2 id="step-look">{t.stepLook}</h2>
      <div class="row fields">
        <SizeField {...props} />
        {draft.sizeChoice === 'own' ? (
          <>
            <NumberField
              name="screen_width"
              value={width}
              onValue={(value) => change({ size: { width: value, height } })}
            />
            <NumberField
              name="screen_height"
              value={height}
              onValue={(value) => change({ size: { width, height: value } })}
            />
          </>
        ) : null}
        <label class="field">
          <span>{t.quality}</span>
          <select
            name="model"
            value={draft.model}
            onChange={({ currentTarget }) => change({ model: currentTarget.value === '1' ? 1 : 0 })}
          >
            <option value="0">{t.qualityFast}</option>
            <option value="1">{t.qualityFine}</option>
          </select>
        </label>
      </div>
      <details>
        <summary>{t.moreOptions}</summary>
        <div class="row fields">
          {draft.speech === 'text' ? (
            <>
              <NumberField
                name="speed"
                value={draft.speed}
                step={0.1}
                onValue={(speed) => change({ speed })}
              />
              <NumberField
                name="pitch"
                value={draft.pitch}
                step={0.1}
                onValue={(pitch) => change({ pitch })}
              />
            </>
          ) : null}
          <NumberField name="volume" value={draft.volume} onValue={(volume) => change({ volume })} />
          <label class="field">
            <span>{t.atEnd}</span>
            <select
              name="backway"
              value={draft.backway}
              onChange={({ currentTarget }) => change({ backway: currentTarget.value === '2' ? 2 : 1 })}
            >
              <option value="1">{t.atEndAgain}</option>
              <option value="2">{t.atEndBack}</option>
            </select>
          </label>
          <label class="field">
            <span>{t.begin}</span>
            <select
              name="drive_mode"
              value={draft.driveMode}
              onChange={({ currentTarget }) =>
                change({ driveMode: currentTarget.value === '' ? '' : 'random' })
              }
            >
              <option value="">{t.beginFirst}</option>
              <option value="random">{t.beginRandom}</option>
            </select>
          </label>
          <label class="field grow">
            <span>{t.callback}</span>
            <input
              type="url"
              name="callback"
              maxLength={LIMITS.callbackLength}
              value={draft.callback}
              aria-describedby="callback-hint"
              onInput={({ currentTarget }) => change({ callback: currentTarget.value })}
            />
            <span class="hint" id="callback-hint">
              {VIDEO_OPTIONS.callback.about[language]}
            </span>
          </label>
        </div>
      </details>
    </section>
  );
};
