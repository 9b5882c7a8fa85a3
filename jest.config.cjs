// CommonJS jest over the ESM sources: SWC rewrites them, the resolver finds packages that export only an "import" condition.
const shared = {
  testEnvironment: 'node',
  resolver: '<rootDir>/test/jest-resolver.cjs',
  transform: {
    '\\.[cm]?[jt]s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
    ],
  },
  // ESM-only packages must be rewritten too
  transformIgnorePatterns: [],
  modulePathIgnorePatterns: ['<rootDir>/.tools/', '<rootDir>/bin/'],
};

// What Backstage's own jest leaves as it is: CommonJS already, and large.
const asTheyAre = [
  ...[
    '@acemir/cssom',
    '@material-ui',
    'ajv',
    'core-js',
    'jest-.*',
    'jsdom',
    'react',
    'react-dom',
    'highlight\\.js',
    'prismjs',
  ],
  ...['json-schema', 'react-use/lib', 'typescript'],
].join('|');

module.exports = {
  // a busy machine takes long to start a backend or a database; what never comes fails all the same
  testTimeout: 240_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      moduleNameMapper: { '^make-fetch-happen$': '<rootDir>/packages/clients/src/sigstore/plain-fetch.cjs' },
      testMatch: [
        '<rootDir>/{packages,actions,plugins,services}/**/src/**/*.test.ts',
        '<rootDir>/test/unit/**/*.test.ts',
      ],
    },
    {
      ...shared,
      displayName: 'ui',
      testEnvironment: '<rootDir>/test/ui/browser-environment.cjs',
      testMatch: ['<rootDir>/plugins/fairway/**/*.test.tsx', '<rootDir>/packages/app/src/**/*.test.tsx'],
      setupFilesAfterEnv: ['<rootDir>/test/ui/setup.ts'],
      moduleNameMapper: {
        '\\.css$': '<rootDir>/test/ui/style.cjs',
        '\\.(?:svg|png|gif|woff2?)$': '<rootDir>/test/ui/asset.cjs',
      },
      transformIgnorePatterns: [`/node_modules/(?:${asTheyAre})/`],
      transform: {
        '\\.[cm]?[jt]sx?$': [
          '@swc/jest',
          {
            jsc: {
              parser: { syntax: 'typescript', tsx: true },
              target: 'es2023',
              transform: { react: { runtime: 'automatic' } },
            },
            module: { type: 'commonjs' },
          },
        ],
      },
    },
    { ...shared, displayName: 'real', testMatch: ['<rootDir>/test/real/**/*.test.ts'] },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
    { ...shared, displayName: 'long', testMatch: ['<rootDir>/test/long/**/*.test.ts'] },
    { ...shared, displayName: 'clusters', testMatch: ['<rootDir>/test/clusters/**/*.test.ts'] },
    { ...shared, displayName: 'install', testMatch: ['<rootDir>/test/install/**/*.test.ts'] },
    { ...shared, displayName: 'engines', testMatch: ['<rootDir>/test/engines/**/*.test.ts'] },
  ],
};
