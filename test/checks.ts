/** What must hold of the sources themselves. Each is a command a contributor can run alone. */
export const checks: readonly { readonly name: string; readonly command: readonly string[] }[] = [
  { name: 'types', command: ['node', 'node_modules/typescript/bin/tsc', '-p', '.'] },
  {
    name: "types of the portal's frontend",
    command: ['node', 'node_modules/typescript/bin/tsc', '-p', 'packages/app'],
  },
  { name: 'lint', command: ['node', 'node_modules/eslint/bin/eslint.js', '.'] },
  {
    name: 'format',
    command: ['node', 'node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  },
  {
    name: 'action.yml, README tables, workflow copies and the portal’s runbooks follow their sources',
    command: ['node', 'actions/generate.ts', '--check'],
  },
  {
    name: 'workflows satisfy actionlint and zizmor',
    command: ['node', 'test/check-workflows.ts'],
  },
  {
    name: 'the firewall refuses attacks and lets prompts with code through',
    command: ['go', '-C', 'services/waf', 'test', './...'],
  },
  {
    name: "the log store's indices are deleted by age and by size",
    command: ['go', '-C', 'services/log-lifecycle', 'test', './...'],
  },
  {
    name: 'config.schema.json of the portal follows config.d.ts',
    command: ['node', 'test/config-schemas.ts'],
  },
  {
    name: 'the packages of the plugins hold what they name, declare what they import, load, and export what their report says',
    command: ['node', 'test/packed-plugins.ts'],
  },
  { name: 'actions/dist is what the sources build', command: ['node', 'actions/build.ts', '--check'] },
];
