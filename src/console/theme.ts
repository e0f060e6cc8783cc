/** Light or dark, as the system says or as the person does. Kept in this browser. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'veilgate.theme';

export const storedTheme = (): Theme => THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'system';

export const keepTheme = (theme: Theme): void => {
  localStorage.setItem(KEY, theme);
  applyTheme(theme);
};

export const applyTheme = (theme: Theme): void => {
  document.documentElement.dataset.theme = theme;
};
