import { readGrypeReport } from './grype-report.ts';
import type { GrypeReport } from './grype-report.ts';

const database = { folder: '/db', platforms: ['alpine 3', 'redhat 9'], notes: [] };
const bom = (...purls: string[]) => JSON.stringify({ components: [{}, ...purls.map(purl => ({ purl }))] });

/** Of Grype's own grype/presenter/explain/testdata: ghsa-test.json and keycloak-test.json. */
const httpclient: GrypeReport['matches'][number] = {
  vulnerability: {
    id: 'GHSA-cfh5-3ghh-wfjx',
    dataSource: 'https://github.com/advisories/GHSA-cfh5-3ghh-wfjx',
    severity: 'Medium',
    description: 'Moderate severity vulnerability that affects org.apache.httpcomponents:httpclient',
    cvss: [],
    fix: { versions: ['4.3.5'], state: 'fixed' },
  },
  relatedVulnerabilities: [
    {
      id: 'CVE-2014-3577',
      severity: 'Medium',
      cvss: [
        {
          source: 'nvd@nist.gov',
          type: 'Primary',
          version: '2.0',
          vector: 'AV:N/AC:M/Au:N/C:P/I:P/A:N',
          metrics: { baseScore: 5.8 },
        },
      ],
    },
  ],
  artifact: {
    name: 'httpclient',
    version: '4.1.1',
    type: 'java-archive',
    purl: 'pkg:maven/org.apache.httpcomponents/httpclient@4.1.1',
    locations: [{ path: '/TwilioNotifier.hpi', layerID: 'sha256:6cc6' }],
  },
};
const nss: GrypeReport['matches'][number] = {
  vulnerability: {
    id: 'CVE-2020-12413',
    dataSource: 'https://access.redhat.com/security/cve/CVE-2020-12413',
    severity: 'Low',
    description: 'A flaw was found in Mozilla nss.',
    cvss: [{ version: '3.1', vector: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N', metrics: { baseScore: 5.9 } }],
    fix: { versions: [], state: 'wont-fix' },
  },
  relatedVulnerabilities: [{ id: 'CVE-2020-12413', severity: 'Medium' }],
  artifact: {
    name: 'nss',
    version: '3.79.0-17.el9_1',
    type: 'rpm',
    purl: 'pkg:rpm/rhel/nss@3.79.0-17.el9_1?arch=x86_64&upstream=nss-3.79.0-17.el9_1.src.rpm&distro=rhel-9.1',
    locations: [{ path: '/var/lib/rpm/rpmdb.sqlite', layerID: 'sha256:798d' }],
  },
};

function read(matches: GrypeReport['matches'], distro = { name: 'redhat', version: '9.1' }) {
  const report = { matches, distro, descriptor: { db: { status: { built: '2023-09-01T01:26:55Z' } } } };
  const sbom = bom(...matches.flatMap(({ artifact }) => artifact.purl ?? []));
  return readGrypeReport(report, sbom, 'sha256:a', '0.121.3', database);
}

test('a finding has the words of Trivy: the CVE first, the kind of package, the distribution, the state', () => {
  const { findings, packages, distribution, databaseDate } = read([nss, httpclient]);
  expect(findings).toEqual([
    {
      id: 'CVE-2014-3577',
      aliases: ['GHSA-cfh5-3ghh-wfjx'],
      severity: 'medium',
      package: 'httpclient',
      ecosystem: 'jar',
      installed: '4.1.1',
      purl: 'pkg:maven/org.apache.httpcomponents/httpclient@4.1.1',
      path: 'TwilioNotifier.hpi',
      fixed: '4.3.5',
      title: 'Moderate severity vulnerability that affects org.apache.httpcomponents:httpclient',
      url: 'https://github.com/advisories/GHSA-cfh5-3ghh-wfjx',
      layer: 'sha256:6cc6',
      status: 'fixed',
      cvss: { score: 5.8, vector: 'AV:N/AC:M/Au:N/C:P/I:P/A:N', source: 'nvd@nist.gov' },
    },
    {
      id: 'CVE-2020-12413',
      severity: 'low',
      package: 'nss',
      ecosystem: 'redhat',
      installed: '3.79.0-17.el9_1',
      purl: nss.artifact.purl,
      title: 'A flaw was found in Mozilla nss.',
      url: 'https://access.redhat.com/security/cve/CVE-2020-12413',
      layer: 'sha256:798d',
      status: 'will_not_fix',
      cvss: { score: 5.9, vector: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N', source: '' },
    },
  ]);
  expect(packages).toEqual({ redhat: 1, jar: 1 });
  expect(distribution).toBe('redhat 9.1');
  expect(databaseDate).toBe('2023-09-01T01:26:55Z');
});

test('what the database does not know is said', () => {
  expect(read([httpclient]).inconclusive).toEqual([
    'The vulnerability database holds nothing about the 1 packages of the kind jar.',
  ]);
  expect(read([nss], { name: 'rhel', version: '8.9' }).inconclusive).toEqual([
    'The vulnerability database knows alpine 3, redhat 9; the image is redhat 8.',
  ]);
  expect(read([]).inconclusive).toEqual(['The scanner found no packages in the image, so it compared nothing.']);
});

test('an advisory of a distribution about several vulnerabilities is a finding for each, with what is known of it', () => {
  const { findings } = read([
    {
      ...nss,
      vulnerability: {
        ...nss.vulnerability,
        id: 'ALAS-2024-1',
        epss: [{ epss: 0.25 }],
        knownExploited: [{}],
        severity: 'Negligible',
      },
      relatedVulnerabilities: [{ id: 'CVE-2024-1' }, { id: 'CVE-2024-2' }],
    },
  ]);
  expect(findings).toMatchObject([
    { id: 'CVE-2024-1', severity: 'low', epss: 0.25, exploited: true },
    { id: 'CVE-2024-2', severity: 'low', epss: 0.25, exploited: true },
  ]);
  expect(findings[0]).not.toHaveProperty('aliases');
});

test('a package of Python lies where its own metadata is', () => {
  const dist = '/usr/lib/python3.11/site-packages/idna-3.6.dist-info';
  const locations = [
    { path: `${dist}/RECORD`, annotations: { evidence: 'supporting' } },
    { path: `${dist}/METADATA`, annotations: { evidence: 'primary' } },
  ];
  const artifact = { name: 'idna', version: '3.6', type: 'python', purl: 'pkg:pypi/idna@3.6', locations };
  expect(read([{ ...httpclient, artifact }]).findings).toMatchObject([
    { ecosystem: 'python-pkg', path: 'usr/lib/python3.11/site-packages/idna-3.6.dist-info/METADATA' },
  ]);
});

// of what Grype 0.121.3 lists in Debian 12, whose packages have /bin/bash and /bin/gzip
test('a program that a package of the distribution brought is that package', () => {
  const program = (name: string, version: string) => ({
    ...httpclient,
    artifact: { name, version, type: 'binary', purl: `pkg:generic/${name}@${version}` },
  });
  const debian = ['bash@5.2.15-2+b13', 'gzip@1.12-1', 'python3.11@3.11.2-6+deb12u6', 'libcurl4@7.88.1-10'];
  const sbom = bom(
    ...debian.map(name => `pkg:deb/debian/${name}?arch=amd64&distro=debian-12`),
    ...['bash@5.2.15', 'gzip@1.12', 'python@3.11.2', 'curl@8.5.0', 'node@24.1.0'].map(name => `pkg:generic/${name}`),
  );
  const matches = [program('bash', '5.2.15'), program('node', '24.1.0')];
  const report = { matches, distro: { name: 'debian', version: '12.15' }, descriptor: {} };
  const { packages, findings } = readGrypeReport(report, sbom, 'sha256:0', '0.121.3', database);
  expect(packages).toEqual({ debian: 4, generic: 2 });
  expect(findings.map(({ package: name }) => name)).toEqual(['node']);
});

test.each([
  // without the group that Maven's rules ask for, and with a version that Go's do not take: Syft writes them of what an archive or program says
  ['pkg:maven/commons-cli@1.4', 'jar'],
  ['pkg:golang/example.com/tool@v2.51?goos=linux', 'gobinary'],
  ['pkg:swift/a@1', 'swift'],
  ['pkg:npm/@scope/a@1', 'node-pkg'],
  ['pkg:rpm/amzn/a@1-2?arch=x86_64', 'amazon'],
])('%s is a package of the kind %s', (purl, expected) => {
  const { findings, packages } = read([{ ...nss, artifact: { ...nss.artifact, purl } }]);
  expect([findings[0]?.ecosystem, Object.keys(packages)]).toEqual([expected, [expected]]);
});
