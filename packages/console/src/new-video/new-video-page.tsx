import type { Client } from '@chanjing-avatar/client';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { Calls } from '../calls/calls.js';
import { useClient } from '../client-context.js';
import { Progress } from '../design/progress.js';
import { Failure } from '../failure/failure.js';
import type { Texts } from '../language/en.js';
import { useText } from '../language/language.js';
import { goTo } from '../route.js';
import { ClipStep } from './clip-step.js';
import type { Draft } from './draft.js';
import { keepDraft, keptDraft } from './draft.js';
import { createExample } from './example.js';
import { draftOfFile, draftOfTask } from './given-draft.js';
import { LookStep } from './look-step.js';
import { type Making, makeVideo } from './make-video.js';
import { SpeechStep } from './speech-step.js';

/** What is still missing, '' for nothing. */
const missingIn = (t: Texts, draft: Draft): string => {
  if (!draft.clip) return t.needClip;
  if (draft.speech === 'audio') return draft.audio ? '' : t.needAudio;
  if (draft.text.trim() === '') return t.needText;
  return draft.voice ? '' : t.needVoice;
};

/** What the address asks to begin with: a task to do again, a file, a voice. */
const given = async (client: Client, query: URLSearchParams): Promise<Partial<Draft>> => {
  const [again, file, voice] = ['again', 'file', 'voice'].map((name) => query.get(name));
  if (again) return draftOfTask(client, again);
  if (file) return draftOfFile(client, file);
  return voice ? { voice, isVoiceChosen: true, speech: 'text' } : {};
};

const MakingState = ({ making, onStop }: { making: Making; onStop: () => void }) => {
  const t = useText();
  const stages = { clip: t.uploadingClip, audio: t.uploadingAudio, create: t.creating };
  const { stage, fraction, isPaused } = making;
  const name = stage !== 'create' && fraction === undefined ? t.checkingFile : stages[stage];
  return (
    <div class="card stack">
      <p class="watch">
        <strong role="status">{isPaused ? t.uploadPaused : name}</strong>
        {fraction === undefined || isPaused ? null : (
          <span class="percent">{Math.floor(fraction * 100)} %</span>
        )}
      </p>
      <Progress value={isPaused ? undefined : fraction} label={name} />
      <button type="button" onClick={onStop}>
        {t.stopUpload}
      </button>
    </div>
  );
};

/** Clip, words, options, go. */
export const NewVideoPage = ({ query }: { query: URLSearchParams }) => {
  const t = useText();
  const client = useClient();
  const [draft, setDraft] = useState<Draft>(keptDraft);
  const [making, setMaking] = useState<Making>();
  const [error, setError] = useState<unknown>();
  const [missing, setMissing] = useState('');
  const stop = useRef<AbortController | undefined>(undefined);
  const key = useRef('');

  const change = useCallback((part: Partial<Draft>) => {
    setMissing('');
    // Another request is another task.
    key.current = '';
    setDraft((before) => ({ ...before, ...part }));
  }, []);
  useEffect(() => keepDraft(draft), [draft]);
  useEffect(() => () => stop.current?.abort(), []);
  useEffect(() => {
    given(client, query).then((part) => Object.keys(part).length > 0 && change(part), setError);
  }, [client, query, change]);

  const make = async (): Promise<void> => {
    const lack = missingIn(t, draft);
    setMissing(lack);
    if (lack) return;
    setError(undefined);
    stop.current = new AbortController();
    const { signal } = stop.current;
    key.current ||= crypto.randomUUID();
    try {
      const id = await makeVideo(client, draft, key.current, {
        signal,
        show: setMaking,
        uploaded: (part, source) => setDraft((before) => ({ ...before, [part]: source })),
      });
      if (id === undefined) return setMissing(t.needFace);
      key.current = '';
      goTo(`tasks/${id}`);
    } catch (failure) {
      if (!signal.aborted) setError(failure);
    } finally {
      setMaking(undefined);
    }
  };

  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <div>
        <h1>{t.newVideo}</h1>
        <p class="lead">{t.newLead}</p>
      </div>
      <div class="columns">
        <ClipStep draft={draft} change={change} />
        <SpeechStep draft={draft} change={change} />
      </div>
      <LookStep draft={draft} change={change} />
      <Failure error={error} />
      {missing ? (
        <p class="failure" role="alert">
          {missing}
        </p>
      ) : null}
      {making ? (
        <MakingState making={making} onStop={() => stop.current?.abort()} />
      ) : (
        <button type="submit" class="primary large">
          {t.make}
        </button>
      )}
      <Calls example={createExample(draft)} />
    </form>
  );
};
