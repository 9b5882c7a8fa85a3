import { readTrivyReport } from './trivy-report.ts';
import type { TrivyReport } from './trivy-report.ts';

const debian: TrivyReport = {
  Metadata: { OS: { Family: 'debian', Name: '12.15' } },
  Results: [
    {
      Class: 'os-pkgs',
      Type: 'debian',
      Packages: [{}, {}],
      Vulnerabilities: [
        { VulnerabilityID: 'CVE-2026-2', PkgName: 'zlib1g', InstalledVersion: '1', Severity: 'MEDIUM', Title: 'b' },
        {
          VulnerabilityID: 'CVE-2026-1',
          PkgName: 'libssl3',
          InstalledVersion: '3.0.20',
          FixedVersion: '3.0.22',
          Severity: 'HIGH',
          References: ['https://x'],
          Layer: { DiffID: 'sha256:a' },
        },
      ],
    },
  ],
};
const database = { folder: '/db', date: '2026-01-01', platforms: ['debian 12'], notes: ['small'] };

test('findings are in our words, worst first', () => {
  const report = readTrivyReport(debian, 'hello:1', '0.58.1', database);
  expect(report.findings).toEqual([
    {
      id: 'CVE-2026-1',
      severity: 'high',
      package: 'libssl3',
      ecosystem: 'debian',
      installed: '3.0.20',
      fixed: '3.0.22',
      title: 'CVE-2026-1',
      url: 'https://x',
      layer: 'sha256:a',
    },
    { id: 'CVE-2026-2', severity: 'medium', package: 'zlib1g', ecosystem: 'debian', installed: '1', title: 'b' },
  ]);
  expect(report).toMatchObject({
    distribution: 'debian 12.15',
    packages: { debian: 2 },
    inconclusive: [],
    notes: ['small'],
    databaseDate: '2026-01-01',
  });
});

const wheels = { Class: 'lang-pkgs', Type: 'python-pkg', Packages: [{}, {}, {}] };

test.each<[string, TrivyReport, typeof database | undefined, string[]]>([
  ['nothing found', {}, undefined, ['The scanner found no packages in the image, so it compared nothing.']],
  [
    'an unknown distribution',
    { Results: [wheels] },
    undefined,
    ['The scanner does not know the distribution of the image, so packages of a distribution were not looked at.'],
  ],
  [
    'another release',
    { ...debian, Metadata: { OS: { Family: 'debian', Name: '13.1' } } },
    database,
    ['The vulnerability database knows debian 12; the image is debian 13.'],
  ],
  [
    'packages no data is about',
    { ...debian, Results: [...(debian.Results ?? []), wheels] },
    database,
    ['The vulnerability database holds nothing about the 3 packages of the kind python-pkg.'],
  ],
  ['the public database', { ...debian, Results: [...(debian.Results ?? []), wheels] }, undefined, []],
])('%s: says what it could not know', (_name, report, known, expected) => {
  expect(readTrivyReport(report, 'hello:1', '0.58.1', known).inconclusive).toEqual(expected);
});
