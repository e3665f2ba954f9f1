import type { shell as vi } from '../vi/shell.ts';

export const shell = {
  appName: 'Xung Kích Số',
  tagline: 'Going online together with residents',
  mainNavigation: 'Main sections',
  skipToContent: 'Skip to main content',
  notices: 'Notices',
  back: 'Back',
  menu: 'Open the menu',
  tabs: {
    today: 'Today',
    filings: 'Records',
    tasks: 'Tasks',
    learn: 'Learn',
    more: 'More',
  },
  language: 'Language',
  languageNames: { vi: 'Tiếng Việt', en: 'English' },
  theme: 'Screen theme',
  themeNames: { auto: 'Same as the phone', light: 'Light', dark: 'Dark', sun: 'Bright sunlight' },
  textSize: 'Text size',
  textSizeNames: { normal: 'Normal', large: 'Large', huge: 'Very large' },
  batterySaver: 'Battery saver',
} satisfies typeof vi;
