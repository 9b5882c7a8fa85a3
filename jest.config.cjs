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

module.exports = {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{packages,actions,plugins}/**/src/**/*.test.ts', '<rootDir>/test/unit/**/*.test.ts'],
    },
    { ...shared, displayName: 'real', testMatch: ['<rootDir>/test/real/**/*.test.ts'] },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
  ],
};
