// Lint rules: what the compiler cannot see, and the sizes that keep every file readable in one sitting.
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', '**/.devshell/', 'test/fixtures/', 'test/architecture/fixtures/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      // A union that grows must show every switch that does not know the new member yet.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { allowDefaultCaseForExhaustiveSwitch: true, considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // Arrow functions that return what a void function returns are shorter and say the same.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // The types do not know what a file, another thread or another turn of the loop has changed since.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Removing a variable from an environment is what devshell does all day.
      '@typescript-eslint/no-dynamic-delete': 'off',
      // `[...text]` goes by code points, which is what is meant where it stands.
      '@typescript-eslint/no-misused-spread': 'off',
      // Control characters are what a terminal program is about.
      'no-control-regex': 'off',
      eqeqeq: 'error',
      'prefer-const': 'error',
      'max-lines': ['error', 300],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'max-lines-per-function': ['error', 50] },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // A test may say what must be there; it fails there if it is not.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    rules: { 'no-unused-vars': 'error', 'prefer-const': 'error', eqeqeq: 'error', 'max-lines': ['error', 300] },
  },
);
