import { acceptUnknown } from './accept-unknown.ts';
import { readTrivyReport } from './trivy-report.ts';

const database = { folder: '/tmp', date: '2026-06-01T00:00:00Z', platforms: ['debian 12'], notes: [] };
const report = readTrivyReport(
  {
    Metadata: { OS: { Family: 'debian', Name: '12.4' } },
    Results: [
      { Class: 'os-pkgs', Type: 'debian', Packages: [{}] },
      { Class: 'lang-pkgs', Type: 'python-pkg', Packages: [{}, {}] },
      { Class: 'lang-pkgs', Type: 'node-pkg', Packages: [{}] },
    ],
  },
  'hello:1',
  '0.58.1',
  database,
);
const accept = (kind: string, until: string, day: string) =>
  acceptUnknown(report, [{ kind, until, reason: 'scanned elsewhere' }], new Date(`${day}T12:00:00Z`));

test('an accepted kind of packages leaves no doubt until its last day, and is named', () => {
  const taken = accept('python-pkg', '2026-06-15', '2026-06-15');
  expect(taken.inconclusive).toEqual([expect.stringContaining('1 packages of the kind node-pkg')]);
  expect(taken.accepted).toEqual([
    'The vulnerability database holds nothing about the 2 packages of the kind python-pkg: accepted until 2026-06-15, scanned elsewhere.',
  ]);
});

test.each([
  ['after its last day', 'python-pkg', '2026-06-16'],
  ['for another kind', 'gobinary', '2026-06-15'],
])('it does not count %s', (_case, kind, day) => {
  expect(accept(kind, '2026-06-15', day)).toBe(report);
});
