import type { UnitWord } from '../locale.ts';
import type { entering as source } from '../vi/entering.ts';

export const entering = {
  first: {
    title: 'Doing online procedures together with residents',
    text: 'The companion of the digital shock teams. Works without a signal.',
    haveInvitation: 'I have an invitation code',
    office: 'Office sign-in',
    openToday: 'Go to Today',
    demoTitle: 'Try it with sample data',
    demoText: 'Pick a role. Every name here is invented.',
    demoPin: (pin: string) => `PIN for the trial: ${pin}`,
    demoEntering: 'Preparing this device…',
    offlineTitle: 'The first time needs a network',
    offlineText: 'Connect once to enrol this device. After that it works without a signal.',
    insecureTitle: 'This address is not secure',
    insecureText:
      'Browsers keep data on the device only for https addresses. Ask your administrator for the right one.',
  },
  inApp: {
    title: 'Open in Chrome or Safari',
    text: 'Browsers inside other apps tend to delete data, so no device is enrolled here.',
    stepsAndroid: 'Tap the three dots at the top, then open in Chrome.',
    stepsIphone: 'Tap the share button or the dots, then open in Safari.',
    copy: 'Copy the address',
    copied: 'Copied. Paste it into Chrome or Safari.',
  },
  enrol: {
    title: 'Enrol this device',
    text: 'Your team lead shows you an invitation. Scan it, or type the 10 characters below it.',
    needsNetwork: 'This step needs a network on both devices.',
    scan: 'Scan with the camera',
    scanning: 'Hold the code inside the frame',
    stopScan: 'Stop scanning',
    cameraDenied: 'The camera is not allowed. You can type the code.',
    cameraMissing: 'This device has no camera. Please type the code.',
    notOurCode: 'This code is not an invitation of this app.',
    code: 'Invitation code',
    codeHint: '10 letters and digits, with or without spaces',
    next: 'Continue',
    checking: 'Enrolling…',
    privateMode:
      'This is a private window: everything is deleted when it closes. Please use a normal window.',
    welcomeBack: (name: string) => `Hello ${name}. Your unsent records are still here.`,
    welcome: (name: string) => `Hello ${name}`,
    problems: {
      unknown_code: 'The code is not right. Please check each character.',
      used_code: 'This code has been used. Ask your team lead for a new one.',
      expired_code: 'The code is older than 10 minutes. Ask your team lead for a new one.',
      too_many_tries: 'The code was mistyped too often. Ask for a new one.',
      revoked: 'This device has been revoked. Please see your team lead.',
      not_known: 'The server does not know this device. Ask for a new invitation.',
      bad_signature: 'This device does not match the server. Ask for a new invitation.',
      malformed: 'The code needs 10 characters.',
      offline: 'The server could not be reached. Check the network and try again.',
    },
  },
  pin: {
    choose: 'Set a 6-digit PIN for this device',
    chooseText: 'The PIN only opens this app on this device. Do not reuse your bank’s.',
    again: 'Type the PIN once more',
    differ: 'The two did not match. Please set it again.',
    weak: 'This PIN is easy to guess. Please choose another.',
    useAnyway: 'Use it anyway',
    chooseOther: 'Choose another PIN',
    working: 'Sealing the data with your PIN…',
    label: '6-digit PIN',
  },
  unlock: {
    title: (name: string) => `Hello ${name}`,
    text: 'Type your PIN to open',
    working: 'Opening…',
    failed: 'The phone could not be opened. Please type the PIN again.',
    wrong: 'That PIN is not right.',
    wait: (seconds: number) => `Wait ${seconds} seconds, then try again.`,
    exhausted:
      'Too many wrong PINs. Ask your team lead for an invitation to set a new one. Unsent records are kept.',
    forgot: 'Forgot the PIN',
    forgotText: 'Ask your team lead for an invitation and enrol again. Unsent records are kept.',
    otherPerson: 'Somebody else uses this device',
    people: 'Who is using the device?',
    addPerson: 'Add a person on this device',
    stillDelivers: (count: number) =>
      `${count} records not sent yet. They are sent by themselves, also while locked.`,
  },
  revoked: {
    title: 'This device has been revoked',
    text: (unit: UnitWord) =>
      `Unsent records were handed to the ${unit}. The data on this device is deleted.`,
    draining: (unit: UnitWord) => `Handing unsent records to the ${unit}. Keep the device open.`,
  },
  evicted: {
    title: 'The browser deleted the data on this device',
    text: (count: number) =>
      `The server has records of this device up to number ${count}. Please enter later ones again.`,
    again: 'Enrol again',
  },
} satisfies typeof source;
