import type { entry as vi } from '../vi/entry.ts';

export const entry = {
  signIn: {
    title: 'Office sign-in',
    text: 'For staff who work on the unit’s computers.',
    login: 'User name',
    password: 'Password',
    submit: 'Sign in',
    forgot: 'Forgot the password? Your unit’s administrator sets a new one for you.',
    helperTitle: 'Are you a team member?',
    helperText: 'Team members need no password, only the team lead’s invitation code.',
    helperAction: 'Set up with an invitation code',
    signedOut: 'You are signed out.',
    sessionOver: 'Your session has ended. Please sign in again.',
    problems: {
      missing: 'Please fill in both user name and password.',
      wrong: 'User name or password is not right.',
      too_many_tries: (minutes: number) => `Too many tries. Please wait ${minutes} minutes and try again.`,
    },
  },
  firstPassword: {
    title: 'Choose your own password',
    text: 'The password you were given is for the first time only. From now on only you know the new one.',
    password: 'New password',
    hint: 'At least 8 characters. A long sentence that you can remember is better.',
    again: 'Type the new password again',
    submit: 'Save the password and start working',
    signOut: 'Sign out',
    problems: {
      too_short: 'The password needs at least 8 characters.',
      too_long: 'The password may have 128 characters at most.',
      common: 'Many people could guess this password. Please choose another.',
      same_as_before: 'This is the password you were given. Please choose another.',
      not_repeated: 'The two entries differ. Please type them again.',
    },
  },
} satisfies typeof vi;
