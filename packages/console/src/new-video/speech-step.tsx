import { LIMITS } from '@chanjing-avatar/protocol';
import { useEffect, useState } from 'preact/hooks';
import { Failure } from '../failure/failure.js';
import { formatClock } from '../language/format.js';
import { useLanguage, useText } from '../language/language.js';
import { useVoices } from '../voices/use-voices.js';
import { VoiceList } from '../voices/voice-list.js';
import { type StepProps, useSourceUrl } from './clip-step.js';
import { nameOf } from './draft.js';
import { DropZone } from './drop-zone.js';
import { kindOf } from './file-kinds.js';
import { useRecorder } from './use-recorder.js';

const languageOf = (text: string, fallback: string): string => {
  if (/\p{Script=Han}/u.test(text)) return 'zh';
  return /\p{Script=Latin}/u.test(text) ? 'en' : fallback;
};

const TextSpeech = ({ draft, change }: StepProps) => {
  const t = useText();
  const language = useLanguage();
  const voices = useVoices();
  const wanted = languageOf(draft.text, language);
  const chosen = voices.value?.find(({ id }) => id === draft.voice);
  const fitting = voices.value?.find(({ lang }) => lang.startsWith(wanted)) ?? voices.value?.[0];
  const voice = draft.isVoiceChosen && chosen ? chosen : fitting;
  useEffect(() => {
    if (voice && voice.id !== draft.voice) change({ voice: voice.id });
  }, [voice, draft.voice, change]);
  return (
    <>
      <label class="field">
        <span>{t.text}</span>
        <textarea
          name="text"
          rows={5}
          value={draft.text}
          aria-describedby="text-count"
          onInput={(event) => change({ text: event.currentTarget.value })}
        />
        <span class="hint" id="text-count">
          {t.textHint([...draft.text].length, LIMITS.textLength)}
        </span>
      </label>
      <fieldset>
        <legend>
          {t.voice}
          {voice ? `: ${voice.name}` : ''}
        </legend>
        <Failure error={voices.error} onAgain={voices.again} />
        {voices.value ? (
          <VoiceList voices={voices.value} firstLanguage={wanted}>
            {(one) => (
              <input
                type="radio"
                name="voice"
                aria-label={`${t.voice}: ${one.name}`}
                checked={one.id === draft.voice}
                onChange={() => change({ voice: one.id, isVoiceChosen: true })}
              />
            )}
          </VoiceList>
        ) : (
          <p role="status">{t.loading}</p>
        )}
      </fieldset>
    </>
  );
};

const RecordedSpeech = ({ draft: { audio, transcript }, change }: StepProps) => {
  const t = useText();
  const [problem, setProblem] = useState('');
  const recorder = useRecorder((file) => change({ audio: { kind: 'file', file } }));
  const url = useSourceUrl(audio);
  const take = (file: File): void => {
    const wrong = kindOf(file) === 'audio' ? '' : t.wrongAudio(file.name);
    const found = file.size === 0 ? t.emptyFile(file.name) : wrong;
    setProblem(found);
    if (!found) change({ audio: { kind: 'file', file } });
  };
  const isRecording = recorder.seconds !== undefined;
  return (
    <>
      <DropZone
        id="audio"
        accept="audio/mpeg,audio/mp4,audio/wav,.mp3,.m4a,.wav"
        title={t.dropAudio}
        hint={t.audioKinds}
        action={audio ? t.changeFile : t.chooseFile}
        onFile={take}
      >
        {audio && url ? (
          <figure class="preview">
            {/* biome-ignore lint/a11y/useMediaCaption: what was dropped has none */}
            <audio src={url} controls aria-label={nameOf(audio)} />
            <figcaption>{nameOf(audio)}</figcaption>
          </figure>
        ) : undefined}
      </DropZone>
      <div class="row">
        <button
          type="button"
          aria-pressed={isRecording}
          onClick={() => (isRecording ? recorder.stop() : void recorder.start())}
        >
          {isRecording ? t.stopRecording : t.record}
        </button>
        {isRecording ? <span role="status">{t.recordingFor(formatClock(recorder.seconds!))}</span> : null}
      </div>
      {problem || recorder.isRefused ? (
        <p class="failure" role="alert">
          {problem || t.noMicrophone}
        </p>
      ) : null}
      <label class="field">
        <span>{t.transcript}</span>
        <textarea
          name="transcript"
          rows={3}
          value={transcript}
          aria-describedby="transcript-hint"
          onInput={(event) => change({ transcript: event.currentTarget.value })}
        />
        <span class="hint" id="transcript-hint">
          {t.transcriptHint}
        </span>
      </label>
    </>
  );
};

/** The words: a text for a voice, or a recording. */
export const SpeechStep = (props: StepProps) => {
  const t = useText();
  const { draft, change } = props;
  return (
    <section class="card stack" aria-labelledby="step-speech">
      <h2 id="step-speech">{t.stepSpeech}</h2>
      <fieldset class="switch" aria-labelledby="step-speech">
        <button
          type="button"
          aria-pressed={draft.speech === 'text'}
          onClick={() => change({ speech: 'text' })}
        >
          {t.sayText}
        </button>
        <button
          type="button"
          aria-pressed={draft.speech === 'audio'}
          onClick={() => change({ speech: 'audio' })}
        >
          {t.sayRecording}
        </button>
      </fieldset>
      {draft.speech === 'text' ? <TextSpeech {...props} /> : <RecordedSpeech {...props} />}
    </section>
  );
};
