import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { boundaries } from './scripts/lint/boundaries.js';
import { noForeignAwait } from './scripts/lint/no-foreign-await.js';
import { clockSyntax, restrictedGlobals, restrictedProperties, zoneSyntax } from './scripts/lint/purity.js';
import { pureFolders } from './scripts/lint/rooms.js';
import svelteConfig from './svelte.config.js';

const tests = ['**/*.test.ts', 'tests/**/*.ts'];

/** Strict, with what fights this code base taken back; each with its reason. */
const strict = {
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }], // numbers print the same everywhere
  '@typescript-eslint/no-confusing-void-expression': [
    'error',
    { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }, // `() => save()` in a handler is plain
  ],
  '@typescript-eslint/consistent-type-definitions': 'off', // `type` for unions and shapes, `interface` for ports: both are meant
  '@typescript-eslint/prefer-literal-enum-member': 'off', // erasableSyntaxOnly forbids enums altogether …
  '@typescript-eslint/no-unsafe-enum-comparison': 'off', // … so the rules about them
  '@typescript-eslint/no-unsafe-enum-assignment': 'off', // … only cost time
  '@typescript-eslint/no-mixed-enums': 'off',
  '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }], // text is NFC at every gate: `[...text]` are its letters
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
  ], // `{ secret, ...rest }` drops a field on purpose
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/no-import-type-side-effects': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
};

/** Small enough to be read in one go. Measured on this code: see docs/adr/0014. */
const size = {
  'max-lines': ['error', { max: 400 }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
  // Each `??` and `?.` counts. Of 2,400 functions 13 lie between 13 and 16, gates that look at one optional field after
  // another; above that, two are better split. An exhaustive switch counts once.
  complexity: ['error', { max: 16, variant: 'modified' }],
  'max-depth': ['error', 4],
  'max-params': ['error', 5],
};

/** Of ESLint's own rules those that TypeScript does not already answer for. */
const plain = {
  eqeqeq: ['error', 'always', { null: 'ignore' }], // `== null` asks for null and undefined in one
  'no-async-promise-executor': 'error',
  'no-cond-assign': 'error',
  'no-constant-binary-expression': 'error',
  'no-constant-condition': ['error', { checkLoops: 'allExceptWhileTrue' }],
  'no-control-regex': 'error',
  'no-debugger': 'error',
  'no-duplicate-case': 'error',
  'no-empty': 'error',
  'no-empty-character-class': 'error',
  'no-empty-pattern': 'error',
  'no-fallthrough': 'error',
  'no-irregular-whitespace': 'error',
  'no-loss-of-precision': 'error',
  'no-misleading-character-class': 'error',
  'no-param-reassign': 'error',
  'no-prototype-builtins': 'error',
  'no-self-compare': 'error',
  'no-sparse-arrays': 'error',
  'no-template-curly-in-string': 'error',
  'no-unmodified-loop-condition': 'error',
  'no-unsafe-finally': 'error',
  'no-unsafe-optional-chaining': 'error',
  'no-unused-private-class-members': 'error',
  'no-useless-backreference': 'error',
  'no-useless-escape': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'require-yield': 'error',
  'no-console': ['error'],
  'no-eval': 'error',
  'no-implicit-globals': 'error',
  'no-warning-comments': ['error', { terms: ['todo', 'fixme'], location: 'anywhere' }],
};

export default tseslint.config(
  {
    ignores: [
      'build/',
      '.svelte-kit/',
      '.data/',
      'coverage/',
      'bench/results/',
      'tests/results/',
      'test-results/',
      'static/',
    ],
  },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' },
  },
  ...tseslint.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    files: ['**/*.ts', '**/*.svelte'],
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] },
    },
    rules: { ...strict, ...size, ...plain, 'no-restricted-syntax': ['error', ...zoneSyntax] },
  },
  {
    // Rules that follow types would build the whole program anew for each component (measured: 100 components, four
    // minutes). svelte-check judges their types; what must be awaited lives in .ts files.
    files: ['**/*.svelte'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      parserOptions: { parser: tseslint.parser, projectService: false, svelteConfig },
    },
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      'svelte/no-at-html-tags': 'error',
      'svelte/no-target-blank': 'error',
      'svelte/button-has-type': 'error',
      'svelte/no-unused-svelte-ignore': 'off', // takes the reason behind the code for further codes; svelte-check owns these warnings
      'svelte/no-navigation-without-resolve': 'off', // the product is always served at the root of its host
      'prefer-const': 'off', // `let { value } = $props()` is how Svelte declares what it will assign itself
      'no-undef': 'off', // svelte-check knows the names better than a list of globals
    },
  },
  {
    files: ['**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser, svelteConfig } },
    rules: { 'prefer-const': 'off', 'no-undef': 'off' }, // `let x = $state()`: as above
  },
  ...boundaries,
  {
    files: pureFolders.map((folder) => `${folder}/**/*.ts`),
    ignores: tests,
    rules: {
      'no-restricted-globals': ['error', ...restrictedGlobals],
      'no-restricted-properties': ['error', ...restrictedProperties],
      'no-restricted-syntax': ['error', ...zoneSyntax, ...clockSyntax],
    },
  },
  {
    files: ['src/lib/phone/**/*.ts'],
    plugins: { house: { rules: { 'no-foreign-await': noForeignAwait } } },
    rules: { 'house/no-foreign-await': 'error' },
  },
  {
    files: tests,
    rules: {
      'max-lines-per-function': 'off', // a describe block is a chapter, not a function
      complexity: 'off', // a scenario has as many turns as the story it tells
      '@typescript-eslint/no-non-null-assertion': 'off', // a null here fails the test, as it should
      '@typescript-eslint/require-await': 'off', // a double is async because its port is
      '@typescript-eslint/no-dynamic-delete': 'off', // planting a fault takes things away
      '@typescript-eslint/no-base-to-string': 'off', // expectations print what they were given
    },
  },
  {
    files: ['scripts/**', 'bench/**'],
    rules: { 'no-console': 'off' }, // their output is their purpose
  },
  {
    files: ['**/*.js', '**/*.cjs', '**/*.mjs'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { ...tseslint.configs.disableTypeChecked.languageOptions, globals: globals.node },
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      ...size,
      '@typescript-eslint/no-require-imports': 'off', // eslint loads the resolver as CommonJS
    },
  },
);
