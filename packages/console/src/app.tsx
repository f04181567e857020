import type { Client, Session } from '@chanjing-avatar/client';
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { ClientContext, clientOf } from './client-context.js';
import { applyTheme, initialTheme, type Theme } from './design/theme.js';
import { applyLanguage, initialLanguage, type Language, LanguageContext } from './language/language.js';
import { Page } from './page.js';
import { goTo, useRoute } from './route.js';
import {
  endInAllTabs,
  forgetSession,
  keepSession,
  sessionOfOtherTabs,
  shareSession,
  storedSession,
} from './session/session.js';
import { SignInPage } from './session/sign-in-page.js';

type SignedIn = { session: Session | undefined; hasEnded: boolean; isAsking: boolean };

/** The session of this tab, taken over from another one where there is any. */
const useSession = (isSigningIn: boolean) => {
  const [state, setState] = useState<SignedIn>(() => {
    const session = storedSession();
    return { session, hasEnded: false, isAsking: session === undefined && !isSigningIn };
  });
  const enter = useCallback((session: Session) => {
    keepSession(session);
    setState({ session, hasEnded: false, isAsking: false });
  }, []);
  const leave = useCallback((hasEnded: boolean) => {
    forgetSession();
    setState({ session: undefined, hasEnded, isAsking: false });
  }, []);
  useEffect(() => shareSession(() => leave(false)), [leave]);
  useEffect(() => {
    if (!state.isAsking) return;
    void sessionOfOtherTabs().then((session) =>
      session ? enter(session) : setState((before) => ({ ...before, isAsking: false })),
    );
  }, [state.isAsking, enter]);
  return { ...state, enter, leave };
};

export const App = () => {
  const route = useRoute();
  const [language, setLanguage] = useState<Language>(initialLanguage);
  const [theme, setTheme] = useState<Theme>(initialTheme);
  const code = route.path[0] === 'sign-in' ? (route.query.get('code') ?? undefined) : undefined;
  const { session, hasEnded, isAsking, enter, leave } = useSession(code !== undefined);
  const client = useMemo<Client | undefined>(
    () => session && clientOf(session, () => leave(true)),
    [session, leave],
  );
  useEffect(() => applyLanguage(language), [language]);
  useEffect(() => applyTheme(theme), [theme]);

  const signOut = async (): Promise<void> => {
    // Out of this browser whatever the server says.
    await client?.signOut().catch(() => {});
    endInAllTabs();
    leave(false);
  };
  const onSession = (entered: Session): void => {
    enter(entered);
    if (route.path[0] === 'sign-in') goTo('new');
  };

  return (
    <LanguageContext.Provider value={language}>
      <ClientContext.Provider value={client}>
        <Page
          route={route}
          session={client && code === undefined ? session : undefined}
          settings={{ language, setLanguage, theme, setTheme }}
          onSignOut={() => void signOut()}
        >
          {isAsking ? null : <SignInPage code={code} hasEnded={hasEnded} onSession={onSession} />}
        </Page>
      </ClientContext.Provider>
    </LanguageContext.Provider>
  );
};
