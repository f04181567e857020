export type Theme = 'system' | 'light' | 'dark';

const KEY = 'chanjing-avatar.theme';

export const initialTheme = (): Theme => {
  const chosen = localStorage.getItem(KEY);
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
};

/** The style sheet looks at `data-theme`; without it, at what the system prefers. */
export const applyTheme = (theme: Theme): void => {
  localStorage.setItem(KEY, theme);
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
};
