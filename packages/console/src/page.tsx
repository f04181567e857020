import type { Session } from '@chanjing-avatar/client';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { DeliveriesPage } from './deliveries/deliveries-page.js';
import type { Theme } from './design/theme.js';
import { FilesPage } from './files/files-page.js';
import { type Language, useText } from './language/language.js';
import { LibraryPage } from './library/library-page.js';
import { NewVideoPage } from './new-video/new-video-page.js';
import type { Route } from './route.js';
import { TaskPage } from './task/task-page.js';
import { VoicesPage } from './voices/voices-page.js';

type Settings = {
  language: Language;
  setLanguage: (language: Language) => void;
  theme: Theme;
  setTheme: (theme: Theme) => void;
};

type PageProps = {
  route: Route;
  session: Session | undefined;
  settings: Settings;
  onSignOut: () => void;
  /** Shown while nobody is signed in. */
  children: ComponentChildren;
};

const PLACES = ['new', 'library', 'files', 'voices', 'deliveries'] as const;

const Content = ({ route: { path, query } }: { route: Route }) => {
  const [place, id] = path;
  switch (place) {
    case 'library':
      return <LibraryPage query={query} />;
    case 'tasks':
      return id ? <TaskPage id={id} key={id} /> : <LibraryPage query={query} />;
    case 'files':
      return <FilesPage query={query} />;
    case 'voices':
      return <VoicesPage />;
    case 'deliveries':
      return <DeliveriesPage query={query} />;
    default:
      return <NewVideoPage query={query} key={query.toString()} />;
  }
};

const useOnline = (): boolean => {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const change = (): void => setOnline(navigator.onLine);
    addEventListener('online', change);
    addEventListener('offline', change);
    return () => {
      removeEventListener('online', change);
      removeEventListener('offline', change);
    };
  }, []);
  return online;
};

const SettingsBar = ({ language, setLanguage, theme, setTheme }: Settings) => {
  const t = useText();
  return (
    <>
      <label class="compact">
        <span class="unseen">{t.language}</span>
        <select value={language} onChange={(event) => setLanguage(event.currentTarget.value as Language)}>
          <option value="en">English</option>
          <option value="zh">中文</option>
        </select>
      </label>
      <label class="compact">
        <span class="unseen">{t.theme}</span>
        <select value={theme} onChange={(event) => setTheme(event.currentTarget.value as Theme)}>
          <option value="system">{t.themeSystem}</option>
          <option value="light">{t.themeLight}</option>
          <option value="dark">{t.themeDark}</option>
        </select>
      </label>
    </>
  );
};

/** The frame around every view. */
export const Page = ({ route, session, settings, onSignOut, children }: PageProps) => {
  const t = useText();
  const online = useOnline();
  const place = route.path[0] === 'tasks' ? 'library' : (route.path[0] ?? 'new');
  const names = {
    new: t.newVideo,
    library: t.library,
    files: t.files,
    voices: t.voices,
    deliveries: t.deliveries,
  };
  const title = session ? (names[place as keyof typeof names] ?? t.newVideo) : t.signIn;
  useEffect(() => {
    document.title = `${title} · ${t.product}`;
  }, [title, t]);
  return (
    <>
      {/* No link: the fragment is the page's address. */}
      <button type="button" class="skip" onClick={() => document.querySelector<HTMLElement>('main')?.focus()}>
        {t.skip}
      </button>
      <header class="top">
        <a class="brand" href="#/new">
          <img src="/console/icon.svg" alt="" width="28" height="28" />
          <span>{t.product}</span>
        </a>
        <div class="row push">
          <SettingsBar {...settings} />
          {session ? (
            <button type="button" class="quiet" onClick={onSignOut} title={session.app_name}>
              {t.signOut}
            </button>
          ) : null}
        </div>
        {session ? (
          <nav class="places" aria-label={t.navigation}>
            {PLACES.map((one) => (
              <a key={one} href={`#/${one}`} aria-current={place === one ? 'page' : undefined}>
                {names[one]}
              </a>
            ))}
            <a href="/docs" target="_blank" rel="noreferrer">
              {t.reference}
            </a>
          </nav>
        ) : null}
      </header>
      {online ? null : (
        <p class="banner" role="status">
          {t.offline}
        </p>
      )}
      {session ? (
        <main id="content" tabIndex={-1}>
          <Content route={route} />
        </main>
      ) : (
        children
      )}
    </>
  );
};
