import eslint from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const TESTS = ['**/*.test.{ts,tsx}', '**/*.testing.ts', '**/testing/**', 'e2e/**'];
/** Declarations rather than code: their length is the number of things declared. */
const TABLES = ['src/schema/params.ts', 'src/schema/metrics.ts'];

const NODE_GLOBALS = ['Buffer', 'WebSocket', 'console', 'fetch', 'performance', 'process', 'URL'];

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'scratch/',
      // Another language, that only looks like TypeScript, and what it compiles to.
      'src/model/backends/wasm/assembly/',
      'src/model/backends/wasm/binary.ts',
      'test-results/',
      'playwright-report/',
      'public/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json' } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // `_` says that a position had to be filled.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      // Index access is checked by hand where a bound is known; `!` marks those places.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Numbers and booleans read well in messages.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // A method handed over unbound is refused only where it could use `this`.
      '@typescript-eslint/unbound-method': ['error', { ignoreStatic: true }],
      // `onClick={() => play()}` and its like are the common way to say it.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // An async function without await keeps an interface that another engine awaits in.
      '@typescript-eslint/require-await': 'off',
      // The maps of messages are generic by purpose.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // `values[i]!` of a record that the compiler thinks total is no mistake.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 20],
      'max-depth': ['error', 4],
      'max-params': ['error', 5],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.tsx'],
    plugins: { 'react-hooks': reactHooks },
    extends: [jsxA11y.flatConfigs.recommended],
    rules: reactHooks.configs.recommended.rules,
  },
  {
    files: TESTS,
    rules: { 'max-lines-per-function': 'off', 'max-params': 'off' },
  },
  { files: TABLES, rules: { 'max-lines': 'off' } },
  {
    files: ['src/cli/**'],
    // A command line speaks through its streams.
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: Object.fromEntries(NODE_GLOBALS.map((name) => [name, 'readonly'])),
    },
  },
);
