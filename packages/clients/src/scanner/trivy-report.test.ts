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

test.each<[string, string, string, string]>([
  // from Trivy's own integration/testdata: fluentd-gems, swift, busybox-with-lockfile; the second of each is the other line
  ['gemspec', '6.0.2.1', '6.0.3.1, 5.2.4.3', '6.0.3.1'],
  ['gemspec', '5.2.4.2', '6.0.3.1, 5.2.4.3', '5.2.4.3'],
  ['swift', '2.41.0', '2.29.1, 2.39.1, 2.42.0', '2.42.0'],
  ['cargo', '1.9.0', '>= 3.1.0, >= 2.1.3, < 3.0.0', '2.1.3'],
  // ranges as node-semver has them
  ['node-pkg', '4.16.0', '>= 4.16.5 < 5.0.0 || >= 5.0.0-beta.6', '4.16.5'],
  ['node-pkg', '5.0.0-beta.1', '>=4.16.5 <5.0.0 || >=5.0.0-beta.6', '5.0.0-beta.6'],
  ['python-pkg', '1.26.5', '1.26.19, 2.2.2', '1.26.19'],
  ['python-pkg', '2.0.7', '1.26.19, 2.2.2', '2.2.2'],
  ['python-pkg', '2.2.2rc1', '1.26.19, 2.2.2', '2.2.2'],
  ['gobinary', 'v1.22.3', '1.21.11, 1.22.4', '1.22.4'],
  // integration/testdata: opensuse-leap-151; the letter is no pre-release
  ['opensuse-leap', '1.1.0i-lp151.8.3.1', '1.1.0i-lp151.8.6.1', '1.1.0i-lp151.8.6.1'],
  ['sles', '1.1.1-1', '1.1.1b-1, 1.1.2-1', '1.1.1b-1'],
  ['redhat', '5.14.0-427.el9', '5.14.0-503.11.1.el9_5, 5.14.0-427.13.1.el9_4', '5.14.0-427.13.1.el9_4'],
  ['alpine', '1.1.1-r0', '1.1.2-r0, 1.1.1a-r0', '1.1.1a-r0'],
  ['debian', '3.0.20-1~deb12u2', '3.0.22-1~deb12u2', '3.0.22-1~deb12u2'],
])('%s %s with the fixed versions "%s" is raised to %s', (Type, InstalledVersion, FixedVersion, expected) => {
  const found = { VulnerabilityID: 'CVE-1', PkgName: 'a', InstalledVersion, FixedVersion };
  const { findings } = readTrivyReport(
    { Results: [{ Type, Class: 'lang-pkgs', Vulnerabilities: [found] }] },
    'a',
    '1',
    undefined,
  );
  expect(findings[0]?.fixed).toBe(expected);
});

test('a finding keeps package URL, file, aliases, status and score; the file of a Go program is its target', () => {
  // the gem is from Trivy's integration/testdata/fluentd-gems.json.golden
  const gem = {
    VulnerabilityID: 'CVE-2020-8165',
    PkgName: 'activesupport',
    PkgPath: 'var/lib/gems/2.5.0/specifications/activesupport-6.0.2.1.gemspec',
    PkgIdentifier: { PURL: 'pkg:gem/activesupport@6.0.2.1' },
    InstalledVersion: '6.0.2.1',
    FixedVersion: '6.0.3.1, 5.2.4.3',
    Status: 'fixed',
    SeveritySource: 'ghsa',
    Severity: 'HIGH',
    CVSS: {
      nvd: { V2Vector: 'AV:N/AC:L/Au:N/C:P/I:P/A:P', V2Score: 7.5, V3Vector: 'CVSS:3.1/AV:N', V3Score: 9.8 },
      redhat: { V3Vector: 'CVSS:3.1/AV:L', V3Score: 9.9 },
    },
  };
  const stdlib = {
    VulnerabilityID: 'CVE-2',
    VendorIDs: ['GO-2026-1', 'DSA-1'],
    PkgName: 'stdlib',
    InstalledVersion: '1.22.3',
  };
  const { findings } = readTrivyReport(
    {
      Results: [
        { Target: 'Ruby', Class: 'lang-pkgs', Type: 'gemspec', Vulnerabilities: [gem] },
        { Target: 'usr/lib/libetcd_wrapper.so', Class: 'lang-pkgs', Type: 'gobinary', Vulnerabilities: [stdlib] },
        { Target: 'usr/bin/other', Class: 'lang-pkgs', Type: 'gobinary', Vulnerabilities: [stdlib] },
      ],
    },
    'a',
    '1',
    undefined,
  );
  expect(findings).toMatchObject([
    {
      purl: 'pkg:gem/activesupport@6.0.2.1',
      path: 'var/lib/gems/2.5.0/specifications/activesupport-6.0.2.1.gemspec',
      status: 'fixed',
      cvss: { score: 9.8, vector: 'CVSS:3.1/AV:N', source: 'nvd' },
    },
    { package: 'stdlib', path: 'usr/bin/other', aliases: ['GO-2026-1'] },
    { package: 'stdlib', path: 'usr/lib/libetcd_wrapper.so' },
  ]);
});

test('two identifiers of one vulnerability are one finding, two vulnerabilities of one advisory are two', () => {
  const found = (VulnerabilityID: string, VendorIDs: readonly string[], Severity: string) => {
    return { VulnerabilityID, VendorIDs, PkgName: 'a', InstalledVersion: '1', Severity };
  };
  const Vulnerabilities = [
    found('GHSA-1', [], 'MEDIUM'),
    found('CVE-1', ['GHSA-1'], 'HIGH'),
    found('CVE-2', ['DSA-1'], 'LOW'),
    found('CVE-3', ['DSA-1'], 'LOW'),
  ];
  const { findings } = readTrivyReport({ Results: [{ Type: 'pip', Vulnerabilities }] }, 'a', '1', undefined);
  expect(findings.map(({ id, aliases }) => [id, aliases])).toEqual([
    ['CVE-1', ['GHSA-1']],
    ['CVE-2', undefined],
    ['CVE-3', undefined],
  ]);
});

test('a release without support and without findings is inconclusive; with findings it is noted', () => {
  const old: TrivyReport = {
    Metadata: { OS: { Family: 'alpine', Name: '3.10.2', EOSL: true } },
    Results: [{ Class: 'os-pkgs', Type: 'alpine', Packages: [{}] }],
  };
  expect(readTrivyReport(old, 'a', '1', undefined).inconclusive).toEqual([
    'alpine 3.10.2 no longer gets security updates, so no data says whether its packages are vulnerable: build on a supported release.',
  ]);
  const Vulnerabilities = [{ VulnerabilityID: 'CVE-1', PkgName: 'a', InstalledVersion: '1' }];
  const found = { ...old, Results: [{ ...old.Results?.[0], Vulnerabilities }] };
  expect(readTrivyReport(found, 'a', '1', undefined)).toMatchObject({
    inconclusive: [],
    notes: ['alpine 3.10.2 no longer gets security updates.'],
  });
});

test('of two names of one vulnerability the version that has the end of both counts', () => {
  const found = (VulnerabilityID: string, FixedVersion: string) => {
    return {
      VulnerabilityID,
      VendorIDs: ['CVE-1'],
      PkgName: 'a',
      InstalledVersion: '1',
      Severity: 'HIGH',
      FixedVersion,
    };
  };
  const Vulnerabilities = [found('GHSA-1', '1.2.10'), found('PYSEC-1', '1.2.9')];
  const { findings } = readTrivyReport({ Results: [{ Type: 'python-pkg', Vulnerabilities }] }, 'a', '1', undefined);
  expect(findings.map(({ fixed }) => fixed)).toEqual(['1.2.10']);
});
