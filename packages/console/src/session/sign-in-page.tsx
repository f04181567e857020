import { type Session, signIn } from '@chanjing-avatar/client';
import { useEffect, useState } from 'preact/hooks';
import { Failure } from '../failure/failure.js';
import { useText } from '../language/language.js';
import { storedSession } from './session.js';

type SignInProps = {
  /** Of a one-time link. */
  code: string | undefined;
  /** The session ended while the page was open. */
  hasEnded: boolean;
  onSession: (session: Session) => void;
};

const at = { baseUrl: location.origin };

/** A one-time link signs in at once; otherwise the keys of an app are typed. */
export const SignInPage = ({ code, hasEnded, onSession }: SignInProps) => {
  const t = useText();
  const [appId, setAppId] = useState('');
  const [secretKey, setSecretKey] = useState('');
  const [busy, setBusy] = useState(code !== undefined);
  const [error, setError] = useState<unknown>();

  const enter = async (by: Parameters<typeof signIn>[0]): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      onSession(await signIn(by, at));
    } catch (failure) {
      // A link that was opened again, by somebody who is signed in.
      const kept = 'code' in by ? storedSession() : undefined;
      if (kept) return onSession(kept);
      setError(failure);
      setBusy(false);
    }
  };

  useEffect(() => {
    if (!code) return;
    // A code is good once: it has no place in the history of the browser.
    history.replaceState(null, '', '#/sign-in');
    void enter({ code });
  }, [code]);

  return (
    <main id="content" class="sign-in">
      <h1>{t.product}</h1>
      {hasEnded && !error ? <p class="notice">{t.sessionEnded}</p> : null}
      {busy && code ? <p role="status">{t.signingIn}</p> : null}
      <Failure error={error} />
      <form
        class="card stack"
        onSubmit={(event) => {
          event.preventDefault();
          void enter({ appId: appId.trim(), secretKey: secretKey.trim() });
        }}
      >
        <p class="lead">{t.signInLead}</p>
        <label class="field">
          <span>{t.appId}</span>
          <input
            name="app-id"
            autocomplete="username"
            required
            value={appId}
            onInput={(event) => setAppId(event.currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>{t.secretKey}</span>
          <input
            name="secret-key"
            type="password"
            autocomplete="current-password"
            required
            value={secretKey}
            onInput={(event) => setSecretKey(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary" disabled={busy}>
          {t.signIn}
        </button>
        <p class="hint">{t.signInKept}</p>
      </form>
    </main>
  );
};
