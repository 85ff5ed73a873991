export type Rule = 'off' | 'error' | readonly ['error', ...unknown[]];
export type Rules = Readonly<Record<string, Rule>>;

const readsSettings = {
  object: 'process',
  property: 'env',
  message: 'The environment is read in src/host-environment.ts only.',
};

export const mayReadSettings: Rules = { 'no-restricted-properties': 'off' };

/** For every file, beside oxlint's own category of correctness. */
export const everywhere: Rules = {
  'import/no-commonjs': 'error',
  'import/no-cycle': 'error',
  'import/no-self-import': 'error',
  'oxc/no-barrel-file': ['error', { threshold: 0 }],
  'typescript/await-thenable': 'error',
  'typescript/ban-ts-comment': [
    'error',
    { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true, 'ts-check': false },
  ],
  'typescript/consistent-type-imports': 'error',
  'typescript/no-explicit-any': 'error',
  'typescript/no-floating-promises': 'error',
  'typescript/no-misused-promises': 'error',
  'typescript/no-require-imports': 'error',
  'typescript/only-throw-error': 'error',
  'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  'unicorn/filename-case': ['error', { case: 'kebabCase' }],
  'unicorn/prefer-node-protocol': 'error',
  'vitest/no-disabled-tests': 'error',
  'vitest/no-focused-tests': 'error',
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'max-lines': ['error', { max: 400 }],
  'no-console': 'error',
  'no-empty': 'error',
  'no-eval': 'error',
  // Settings are read in one place, so that each is described, checked and testable.
  'no-restricted-properties': ['error', readsSettings],
  'no-var': 'error',
  // Rules of that category that do not fit this house.
  'no-control-regex': 'off', // hidden characters in outside text are a subject here
  'no-misleading-character-class': 'off',
  'typescript/unbound-method': 'off', // factories return closures, which have no `this` to lose
  'typescript/no-misused-spread': ['error', { allow: ['string'] }], // `[...text]` means its code points
  'unicorn/no-thenable': 'off', // a Gherkin scenario has a `then`
  'vitest/no-conditional-expect': 'off', // a test may narrow a result before it looks inside
  'vitest/require-to-throw-message': 'off',
  'vitest/valid-expect': ['error', { maxArgs: 2 }], // the second says what was expected
  'unicorn/no-useless-spread': 'off', // an option and its value stay on one line of an argument list
};

/** For rooms without input and output. Times and ids come from ports: what is replayed must not read a clock. */
export const throughPorts: Rules = {
  'no-restricted-globals': [
    'error',
    { name: 'fetch', message: 'A room of src reaches the world through a port.' },
    { name: 'WebSocket', message: 'A room of src reaches the world through a port.' },
  ],
  'no-restricted-properties': [
    'error',
    readsSettings,
    { object: 'Date', property: 'now', message: 'Take the time from ports/clock.ts.' },
    { object: 'Math', property: 'random', message: 'Take ids from ports/ids.ts.' },
    { object: 'crypto', property: 'randomUUID', message: 'Take ids from ports/ids.ts.' },
  ],
};
