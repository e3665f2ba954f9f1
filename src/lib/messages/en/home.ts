import type { home as vi } from '../vi/home.ts';

export const home: typeof vi = {
  today: {
    greeting: (name: string) => `Hello ${name}`,
    quickLog: 'Quick log',
    quickLogHint: 'one assist',
    procedures: 'Procedures',
    loggedToday: (count: number) => `${count} logged today`,
    noneToday: 'Nothing logged today',
    noneTodayText: 'After each visit, tap Quick log.',
    draft: 'Unfinished entry',
    draftEdit: 'Unfinished correction',
    draftAt: (when: string) => `Stopped at ${when}`,
    draftDropSure: 'Once dropped it cannot be brought back.',
    draftContinue: 'Continue',
    draftDrop: 'Drop it',
    unsentOnline: 'Saved on the phone. It is being sent by itself.',
    needsYou: (count: number) => `${count} need your attention`,
    firstPull: 'Downloading records',
    firstPullPart: (done: number, total: number) => `${done} of ${total} rows`,
    noNetwork: 'No network. It will be sent by itself.',
    otherSubject: 'Something else',
  },
  update: {
    ready: 'A new version is ready',
    text: 'It takes a few seconds. What you logged is kept.',
    now: 'Update',
    later: 'Later',
    afterDraft: 'Please finish this entry first.',
    oldTab: 'This window is old and read-only. Reload to continue.',
    reload: 'Reload',
  },
};
