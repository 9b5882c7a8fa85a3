import tseslint from 'typescript-eslint';

// which packages a room may know: dependencies point one way (docs/architecture.md)
const rooms = {
  'packages/service': [],
  'packages/image': [],
  'packages/clients': ['image', 'service/reasons', 'service/regular-file'],
  'packages/indicators': ['service'],
  'packages/engines': ['service'],
  'packages/load': ['service', 'engines', 'indicators', 'clients'],
  'packages/targets': ['service', 'engines', 'indicators', 'clients'],
  'packages/stage': ['service'],
  'packages/compare': ['service', 'engines', 'indicators', 'clients', 'load', 'stage'],
  'packages/platform': ['service', 'clients', 'targets', 'stage'],
  'actions/*': ['service', 'engines', 'indicators', 'image', 'clients', 'load', 'targets', 'stage', 'compare'],
  'services/*': ['service', 'clients', 'image', 'targets'],
  // both are external processors of Envoy
  'services/concurrency': ['cache', 'targets'],
  'plugins/fairway-common': ['service', 'indicators', 'stage'],
  'plugins/fairway': ['backstage-plugin-fairway-common', 'service', 'indicators', 'stage'],
};

export default tseslint.config(
  { ignores: ['**/node_modules/', 'actions/dist/', 'packages/app/dist/', '.tools/', 'examples/**/model/'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
    },
  },
  ...Object.entries(rooms).map(([room, known]) => ({
    files: [`${room}/src/**`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: known.length > 0 ? `^@fairway/(?!(${known.join('|')})(/|$))` : '^@fairway/',
              message: `${room} may know ${known.join(', ') || 'no other package'}: see docs/architecture.md.`,
            },
          ],
        },
      ],
    },
  })),
  {
    files: ['{packages,actions,services,plugins}/*/src/**/*.{ts,tsx}', 'test/**/*.ts'],
    ignores: ['packages/app/**'],
    languageOptions: { parserOptions: { project: ['tsconfig.json', 'packages/app/tsconfig.json'] } },
    rules: {
      // a reason in a text would be [object Object]
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        {
          allow: ['Error', 'URL', 'URLSearchParams'],
          ...{ allowAny: true, allowArray: true, allowBoolean: true, allowNever: true, allowNullish: true },
          ...{ allowNumber: true, allowRegExp: true },
        },
      ],
    },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
