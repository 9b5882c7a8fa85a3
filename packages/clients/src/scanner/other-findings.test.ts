import { readOtherReport, withOtherFindings } from './other-findings.ts';
import type { Finding } from './finding.ts';
import type { ScannedImage } from './scanner.ts';

const trivy = (name: string, value: string) => ({ name: `aquasecurity:trivy:${name}`, value });
const urllib3 = (environment: string, version: string) => ({
  'bom-ref': `${environment} ${version}`,
  type: 'library',
  name: 'urllib3',
  version,
  purl: `pkg:pypi/urllib3@${version}`,
  properties: [
    trivy('FilePath', `${environment}/lib/python3.12/site-packages/urllib3-${version}.dist-info/METADATA`),
    trivy('PkgType', 'python-pkg'),
  ],
});
const debian = (name: string, version: string, source: string, epoch = '') => ({
  'bom-ref': name,
  type: 'library',
  name,
  version: `${epoch && `${epoch}:`}${version}`,
  purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=amd64&distro=debian-12.5${epoch && `&epoch=${epoch}`}`,
  properties: [trivy('LayerDiffID', 'sha256:22'), trivy('PkgType', 'debian'), trivy('SrcName', source)],
});
const image = (components: readonly object[], more: Partial<ScannedImage> = {}): ScannedImage => ({
  image: 'sha256:1',
  scanner: { name: 'trivy', version: '0.58.1' },
  packages: {},
  findings: [],
  inconclusive: [],
  notes: [],
  sbom: JSON.stringify({
    components: [{ 'bom-ref': 'x', type: 'application', name: 'usr/bin/x' }, ...components],
    dependencies: [
      { ref: 'x', dependsOn: ['main'] },
      { ref: 'main', dependsOn: ['stdlib'] },
    ],
  }),
  ...more,
});
const built = image([
  debian('bsdutils', '2.38.1-5+deb12u1', 'util-linux', '1'),
  debian('libc6', '2.36-9+deb12u9', 'glibc'),
  debian('libc-bin', '2.36-9+deb12u9', 'glibc'),
  urllib3('opt/venv', '2.0.1'),
  {
    'bom-ref': 'okio',
    type: 'library',
    group: 'com.squareup.okio',
    name: 'okio',
    version: '1.15.0',
    purl: 'pkg:maven/com.squareup.okio/okio@1.15.0',
    properties: [trivy('FilePath', 'app/app.jar/BOOT-INF/lib/okio-1.15.0.jar'), trivy('PkgType', 'jar')],
  },
  {
    'bom-ref': 'stdlib',
    type: 'library',
    name: 'stdlib',
    version: 'v1.22.3',
    purl: 'pkg:golang/stdlib@v1.22.3',
    properties: [trivy('PkgType', 'gobinary')],
  },
]);

const cyclonedx = (vulnerabilities: readonly object[] | undefined, components: readonly object[] = []) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { tools: { components: [{ type: 'application', name: 'trivy' }] } },
  components,
  ...(vulnerabilities ? { vulnerabilities } : {}),
});
const sarif = (name: string, rules: readonly object[], results: readonly object[]) => ({
  version: '2.1.0',
  runs: [{ tool: { driver: { name, rules } }, results }],
});
const found = (document: object, scanned = built) =>
  withOtherFindings(scanned, [readOtherReport('other', JSON.stringify(document))]).findings;
const brief = (all: readonly Finding[]) =>
  all.map(({ id, package: name, installed, fixed, severity }) => [id, severity, name, installed, fixed]);

// what Trivy 0.58.1 writes: `trivy convert --format cyclonedx`, `--format sarif`
const ofTrivy = cyclonedx(
  [
    {
      id: 'CVE-2023-43804',
      ratings: [
        { source: { name: 'ghsa' }, severity: 'medium' },
        { source: { name: 'nvd' }, score: 8.1, severity: 'high', method: 'CVSSv31' },
      ],
      recommendation: 'Upgrade urllib3 to version 2.0.6, 1.26.17',
      advisories: [{ url: 'https://avd.aquasec.com/nvd/cve-2023-43804' }],
      affects: [{ ref: 'pkg:pypi/urllib3@2.0.1', versions: [{ version: '2.0.1', status: 'affected' }] }],
    },
    {
      id: 'CVE-2024-28085',
      ratings: [],
      recommendation: 'Upgrade bsdutils to version 2.38.1-5+deb12u1.1',
      affects: [{ ref: 'pkg:deb/debian/bsdutils@2.38.1-5%2Bdeb12u1?arch=amd64&distro=debian-12.5&epoch=1' }],
    },
  ],
  [
    {
      type: 'library',
      name: 'urllib3',
      version: '2.0.1',
      'bom-ref': 'pkg:pypi/urllib3@2.0.1',
      purl: 'pkg:pypi/urllib3@2.0.1',
    },
  ],
);

test('vulnerabilities of CycloneDX are findings in the packages of the image', () => {
  expect(brief(found(ofTrivy))).toEqual([
    ['CVE-2023-43804', 'high', 'urllib3', '2.0.1', '2.0.6'],
    ['CVE-2024-28085', 'unknown', 'bsdutils', '1:2.38.1-5+deb12u1', '2.38.1-5+deb12u1.1'],
  ]);
  expect(found(ofTrivy)[0]).toMatchObject({
    ecosystem: 'python-pkg',
    path: 'opt/venv/lib/python3.12/site-packages/urllib3-2.0.1.dist-info/METADATA',
    url: 'https://avd.aquasec.com/nvd/cve-2023-43804',
  });
  expect(found(ofTrivy)[1]).toMatchObject({ ecosystem: 'debian', layer: 'sha256:22' });
});

test('what the CycloneDX document says is unaffected is the fix, and its reference may be a link to another document', () => {
  const document = cyclonedx([
    {
      id: 'GHSA-v845-jxx5-vc9f',
      references: [{ id: 'CVE-2023-43804', source: { name: 'NVD' } }],
      ratings: [{ score: 9.1 }],
      affects: [
        {
          ref: 'urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#pkg%3Apypi%2Furllib3%402.0.1',
          versions: [
            { version: '2.0.1', status: 'affected' },
            { range: 'vers:pypi/<2.0.6', status: 'affected' },
            { version: '2.0.6', status: 'unaffected' },
          ],
        },
      ],
    },
  ]);
  expect(brief(found(document))).toEqual([['CVE-2023-43804', 'critical', 'urllib3', '2.0.1', '2.0.6']]);
  expect(found(document)[0]?.aliases).toEqual(['GHSA-v845-jxx5-vc9f']);
});

test('a package that has the fix by now has no finding, also where fixes are of several lines and epochs differ', () => {
  const fixed = image([debian('bsdutils', '2.38.1-5+deb12u1.1', 'util-linux', '1'), urllib3('opt/venv', '2.0.6')]);
  expect(found(ofTrivy, fixed)).toEqual([]);
  const older = image([debian('bsdutils', '2.38.1-5+deb12u1', 'util-linux', '1'), urllib3('opt/venv', '2.0.5')]);
  expect(found(ofTrivy, older).map(({ package: name }) => name)).toEqual(['urllib3', 'bsdutils']);
});

test('of several environments each that has the version has the finding', () => {
  const two = image([urllib3('opt/a', '2.0.1'), urllib3('opt/b', '2.0.1'), urllib3('opt/c', '2.2.0')]);
  expect(
    found(ofTrivy, two)
      .filter(({ id }) => id === 'CVE-2023-43804')
      .map(({ path }) => path?.slice(0, 5)),
  ).toEqual(['opt/a', 'opt/b']);
});

test('what the scanner found too is one finding, with the identifiers of both', () => {
  const own: Finding = {
    ...found(ofTrivy)[0]!,
    id: 'GHSA-v845-jxx5-vc9f',
    aliases: ['CVE-2023-43804'],
    severity: 'critical',
    title: 'own',
  };
  const merged = found(ofTrivy, { ...built, findings: [own] });
  expect(merged.filter(({ package: name }) => name === 'urllib3')).toEqual([own]);
});

test('a package URL that is none is no obstacle: the component has a name', () => {
  const component = { 'bom-ref': 'b', name: 'urllib3', version: '2.0.1', purl: 'pkg:pypi' };
  const document = cyclonedx([{ id: 'CVE-2026-7', affects: [{ ref: 'b' }] }], [component]);
  const scanned = image([{ ...component, purl: 'pkg:' }, urllib3('opt/venv', '2.0.1')]);
  expect(brief(found(document, scanned))).toEqual([['CVE-2026-7', 'unknown', 'urllib3', '2.0.1', undefined]]);
});

test('a package that the image does not list is as the other scanner has it', () => {
  const document = cyclonedx([
    { id: 'CVE-2026-7', ratings: [{ severity: 'high' }], affects: [{ ref: 'pkg:nuget/Newtonsoft.Json@12.0.1' }] },
  ]);
  expect(found(document)).toMatchObject([
    { package: 'Newtonsoft.Json', installed: '12.0.1', ecosystem: 'nuget', severity: 'high' },
  ]);
});

test.each<[string, object, readonly unknown[]]>([
  [
    // `trivy convert --format sarif`, 0.58.1
    'Trivy',
    sarif(
      'Trivy',
      [
        {
          id: 'CVE-2024-28085',
          help: {
            text: 'Vulnerability CVE-2024-28085\nSeverity: HIGH\nPackage: bsdutils\nFixed Version: 2.38.1-5+deb12u1.1\n',
          },
          properties: { 'security-severity': '8.0', tags: ['vulnerability', 'security', 'HIGH'] },
        },
      ],
      [
        {
          ruleId: 'CVE-2024-28085',
          ruleIndex: 0,
          level: 'error',
          message: {
            text: 'Package: bsdutils\nInstalled Version: 1:2.38.1-5+deb12u1\nVulnerability CVE-2024-28085\nSeverity: HIGH\nFixed Version: 2.38.1-5+deb12u1.1\nLink: [CVE-2024-28085](https://avd.aquasec.com/nvd/cve-2024-28085)',
          },
        },
      ],
    ),
    [['CVE-2024-28085', 'high', 'bsdutils', '1:2.38.1-5+deb12u1', '2.38.1-5+deb12u1.1']],
  ],
  [
    // docker scout cves --format sarif: source packages of Debian, and "not fixed"
    'Docker Scout',
    sarif(
      'docker scout',
      [
        {
          id: 'CVE-2019-9192',
          properties: {
            cvssV3_severity: 'LOW',
            fixed_version: 'not fixed',
            purls: ['pkg:deb/debian/glibc@2.36-9%2Bdeb12u9?os_distro=bookworm&os_name=debian&os_version=12'],
            'security-severity': '2.0',
          },
        },
        {
          id: 'CVE-2023-3635',
          properties: {
            cvssV3_severity: 'UNSPECIFIED',
            fixed_version: '1.17.6',
            purl: 'pkg:maven/com.squareup.okio/okio@1.15.0',
            'security-severity': '7.5',
          },
        },
      ],
      [
        { ruleId: 'CVE-2019-9192', ruleIndex: 0, message: { text: 'x' } },
        { ruleIndex: 1, message: { text: 'x' } },
      ],
    ),
    [
      ['CVE-2023-3635', 'high', 'com.squareup.okio:okio', '1.15.0', '1.17.6'],
      ['CVE-2019-9192', 'low', 'libc-bin', '2.36-9+deb12u9', undefined],
      ['CVE-2019-9192', 'low', 'libc6', '2.36-9+deb12u9', undefined],
    ],
  ],
  [
    // grype -o sarif: the rule has the package at its end
    'Grype',
    sarif(
      'grype',
      [
        {
          id: 'CVE-2024-24790-stdlib',
          help: {
            text: 'Vulnerability CVE-2024-24790\nSeverity: critical\nPackage: stdlib\nVersion: go1.22.3\nFix Version: 1.21.11,1.22.4\nType: go-module\nLocation: /usr/bin/x\n',
          },
          properties: { 'security-severity': '9.8', purls: ['pkg:golang/stdlib@1.22.3'] },
        },
      ],
      [
        {
          ruleId: 'CVE-2024-24790-stdlib',
          level: 'error',
          message: { text: 'A critical vulnerability in go-module package: stdlib' },
        },
      ],
    ),
    [['CVE-2024-24790', 'critical', 'stdlib', 'v1.22.3', '1.22.4']],
  ],
  [
    // snyk container test --sarif: the source before the package, the CVE in the description
    'Snyk',
    sarif(
      'Snyk Container',
      [
        {
          id: 'SNYK-DEBIAN12-UTILLINUX-6508628',
          shortDescription: { text: 'High severity - CVE-2024-28085 vulnerability in util-linux' },
          fullDescription: { text: '(CVE-2024-28085) util-linux/bsdutils@1:2.38.1-5+deb12u1' },
          help: {
            text: '',
            markdown: '## Remediation\nUpgrade `Debian:12` `util-linux` to version 2.38.1-5+deb12u1.1 or higher.\n',
          },
          properties: { tags: ['security', 'CWE-150', 'deb'], 'security-severity': '7.0' },
        },
      ],
      [
        {
          ruleId: 'SNYK-DEBIAN12-UTILLINUX-6508628',
          level: 'error',
          message: {
            text: 'This file introduces a vulnerable util-linux/bsdutils package with a high severity vulnerability.',
          },
          locations: [{ logicalLocations: [{ fullyQualifiedName: 'util-linux/bsdutils@1:2.38.1-5+deb12u1' }] }],
        },
      ],
    ),
    [['CVE-2024-28085', 'high', 'bsdutils', '1:2.38.1-5+deb12u1', '2.38.1-5+deb12u1.1']],
  ],
])('SARIF of %s', (_name, document, expected) => {
  expect(brief(found(document))).toEqual(expected);
});

test('a result that passed, or is gone, is no finding', () => {
  const result = { ruleId: 'CVE-2026-7', message: { text: 'Package: libc6\nVersion: 1\nFixed Version: 9' } };
  const results = [{ ...result, kind: 'pass' }, { ...result, baselineState: 'absent' }, result];
  expect(found(sarif('x', [], results))).toHaveLength(1);
});

test('a finding in a program of Go names the program', () => {
  const document = cyclonedx([{ id: 'CVE-2024-24790', affects: [{ ref: 'pkg:golang/stdlib@v1.22.3' }] }]);
  expect(found(document)[0]?.path).toBe('usr/bin/x');
});

test('a report that names no fixed version says so', () => {
  const report = readOtherReport(
    'wiz.cdx.json',
    JSON.stringify(cyclonedx([{ id: 'CVE-1', affects: [{ ref: 'pkg:pypi/urllib3@2.0.1' }] }])),
  );
  expect(withOtherFindings(built, [report]).notes).toEqual([
    'wiz.cdx.json by trivy has 1 findings; 1 are of packages in this image that do not have the fix. It names no fixed version, so it stops nothing that the scanner does not stop.',
  ]);
});

test.each([
  ['an SBOM alone', cyclonedx(undefined), 'it lists packages only'],
  ['a component that is not there', cyclonedx([{ id: 'CVE-1', affects: [{ ref: 'a' }] }]), 'CVE-1 affects "a"'],
  [
    // quay/clair-action's template
    'SARIF without packages',
    sarif('Clair V4', [], [{ ruleId: 'CVE-1', message: { text: '[zlib - 1.2.13 - High] x' } }]),
    'the result "CVE-1" names no package',
  ],
  [
    'what is by no rule of the format',
    { bomFormat: 'CycloneDX', vulnerabilities: [{ id: 7 }] },
    'vulnerabilities.0.id: Invalid input: expected string',
  ],
  ['something else', { matches: [] }, 'it has neither `bomFormat` nor `runs`'],
])('%s is rejected', (_name, document, words) => {
  expect(() => readOtherReport('other', JSON.stringify(document))).toThrow(words);
});
