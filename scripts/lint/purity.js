// What would make the same input give two answers. Effects come in by parameter: clock, ids, random, network, storage.
const byParameter = 'comes in by parameter, so that the simulator can own time and failure';

const globalsOf = (reason, names) => names.map((name) => ({ name, message: `\`${name}\` ${reason}.` }));

export const restrictedGlobals = globalsOf(byParameter, [
  'fetch',
  'localStorage',
  'sessionStorage',
  'indexedDB',
  'caches',
  'navigator',
  'window',
  'document',
  'process',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'requestAnimationFrame',
  'WebSocket',
  'XMLHttpRequest',
]);

export const restrictedProperties = [
  { object: 'Date', property: 'now', message: `Time ${byParameter} (kernel/clock.ts).` },
  { object: 'Math', property: 'random', message: `Randomness ${byParameter} (kernel/random.ts).` },
  { object: 'crypto', property: 'getRandomValues', message: `Randomness ${byParameter} (kernel/random.ts).` },
  { object: 'crypto', property: 'randomUUID', message: `Ids ${byParameter} (kernel/uuid.ts).` },
  ...['fetch', 'localStorage', 'indexedDB', 'setTimeout'].map((property) => ({
    object: 'globalThis',
    property,
    message: `\`${property}\` ${byParameter}.`,
  })),
];

export const clockSyntax = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: `\`new Date()\` reads the machine's clock: time ${byParameter} (kernel/clock.ts).`,
  },
  {
    selector: "CallExpression[callee.name='Date']",
    message: `\`Date()\` reads the machine's clock: time ${byParameter} (kernel/clock.ts).`,
  },
];

/** Days are Vietnamese days whatever the machine says, so the machine's own zone is never asked. */
export const zoneSyntax = [
  {
    selector:
      'CallExpression[callee.property.name=/^(get|set)(Date|Day|Month|FullYear|Hours|Minutes|TimezoneOffset)$/]',
    message: "This reads the machine's own time zone: use kernel/calendar (days are Asia/Ho_Chi_Minh).",
  },
  {
    selector: 'CallExpression[callee.property.name=/^toLocale(Date|Time)String$/]',
    message: "This prints in the machine's own time zone: use kernel/calendar (days are Asia/Ho_Chi_Minh).",
  },
];
