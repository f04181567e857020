import { ChanjingError, FileRejectedError } from '@chanjing-avatar/client';
import type { Texts } from '../language/en.js';
import { useLanguage, useText } from '../language/language.js';
import { failureIn, reasonIn } from '../language/reasons.js';
import { ServerWords } from './server-words.js';

const remedyOf = (t: Texts, error: ChanjingError): string =>
  Object.hasOwn(t.remedies, error.kind) ? t.remedies[error.kind as keyof Texts['remedies']] : error.remedy;

type FailureProps = { error: unknown; onAgain?: (() => void) | undefined };

/** What was wrong, what to do, and where the operator finds more. Nothing when there is no error. */
export const Failure = ({ error, onAgain }: FailureProps) => {
  const t = useText();
  const language = useLanguage();
  if (error === undefined) return null;
  const known = error instanceof ChanjingError ? error : undefined;
  const message = known ? known.msg : error instanceof Error ? error.message : String(error);
  const reason = error instanceof FileRejectedError ? reasonIn(language, error.flaw) : undefined;
  // The server and the SDK say it in English, with more detail. A reason says what to do already.
  const remedy = known && !reason && (language === 'en' && known.remedy ? known.remedy : remedyOf(t, known));
  return (
    <div class="failure" role="alert">
      <ServerWords said={message} translated={reason ?? (known && failureIn(language, known))} />
      {remedy ? (
        <p>
          <strong>{t.whatToDo}:</strong> {remedy}
        </p>
      ) : null}
      {known?.traceId ? (
        <p class="hint">
          {t.traceId} <code>{known.traceId}</code>
          {known.request ? ` · ${t.failedCall} ${known.request.method} ${known.request.path}` : null}
          <br />
          {t.traceHint}
        </p>
      ) : null}
      {onAgain ? (
        <button type="button" onClick={onAgain}>
          {t.again}
        </button>
      ) : null}
    </div>
  );
};
