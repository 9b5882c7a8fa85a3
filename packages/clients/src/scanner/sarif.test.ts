import type { Finding, ScanReport } from './finding.ts';
import type { Judgement } from './judge.ts';
import { findingsSarif, openSarif } from './sarif.ts';

const finding = (id: string, more: Partial<Finding> = {}): Finding => ({
  id,
  severity: 'high',
  package: 'stdlib',
  ecosystem: 'gobinary',
  installed: '1.22.3',
  title: 'a title',
  ...more,
});
const report = (findings: readonly Finding[]): ScanReport => ({
  image: 'a:1',
  scanner: { name: 'trivy', version: '1' },
  packages: {},
  findings,
  inconclusive: [],
  notes: [],
});
const nothing: Judgement = { blocking: [], fixable: [], accepted: [], old: [], stated: [], expired: [] };

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly partialFingerprints: { readonly primaryLocationLineHash: string };
  readonly suppressions?: readonly object[];
}
const runOf = (findings: readonly Finding[], judgement = nothing) =>
  runIn(findingsSarif(report(findings), judgement, 'Dockerfile'));
function runIn(text: string) {
  const { runs } = JSON.parse(text) as {
    runs: readonly { results: readonly Result[]; tool: { driver: { rules: readonly { id: string }[] } } }[];
  };
  return { results: runs[0]!.results, rules: runs[0]!.tool.driver.rules };
}

test('a fingerprint outlives versions, and tells files apart', () => {
  const hashes = runOf([
    finding('A', { path: 'usr/bin/a' }),
    finding('A', { path: 'usr/bin/a', installed: '1.22.4', fixed: '1.22.5', severity: 'low' }),
    finding('A', { path: 'usr/bin/b' }),
    finding('A', {
      package: 'pip',
      installed: '23.0',
      path: 'usr/lib/python3/site-packages/pip-23.0.dist-info/METADATA',
    }),
    finding('A', {
      package: 'pip',
      installed: '23.1',
      path: 'usr/lib/python3/site-packages/pip-23.1.dist-info/METADATA',
    }),
  ]).results.map(result => result.partialFingerprints.primaryLocationLineHash);
  expect(hashes[0]).toBe(hashes[1]);
  expect(hashes[2]).not.toBe(hashes[0]);
  expect(hashes[3]).toBe(hashes[4]);
});

test.each([
  ['https://avd.aquasec.com/nvd/cve-2026-1', 'https://avd.aquasec.com/nvd/cve-2026-1'],
  ['see the announcement', undefined],
  ['', undefined],
])('a rule has an address where its advisory has one: %j', (url, address) => {
  expect(runOf([finding('A', { url })]).rules[0]).toHaveProperty('id', 'A');
  expect((runOf([finding('A', { url })]).rules[0] as { helpUri?: string }).helpUri).toBe(address);
});

const accepted = finding('B');
const harmless = finding('A', { path: 'b' });
const settled = {
  ...nothing,
  accepted: [{ finding: accepted, exception: { id: 'B', reason: 'not reachable', until: '2030-01-01' } }],
  stated: [
    {
      finding: harmless,
      statement: {
        vulnerability: { name: 'A' },
        timestamp: '2026-06-01T00:00:00Z',
        products: [],
        justification: 'vulnerable_code_not_present',
        status: 'not_affected' as const,
        file: 'vex.json',
      },
    },
  ],
};

test('an accepted or harmless finding is suppressed with its reason; rules are listed once and found by their index', () => {
  const { results, rules } = runOf([finding('A'), accepted, harmless], settled);
  expect(results.map(result => result.suppressions)).toEqual([
    undefined,
    [{ kind: 'external', status: 'accepted', justification: 'not reachable (until 2030-01-01)' }],
    [{ kind: 'external', status: 'accepted', justification: 'vulnerable code not present (vex.json)' }],
  ]);
  expect(results.map(({ ruleIndex }) => rules[ruleIndex]?.id)).toEqual(['A', 'B', 'A']);
});

// github/codeql-action issue 1230: code scanning does not know `suppressions`, and shows what has some as an open alert
test('for code scanning it is left out', () => {
  const given = report([finding('A'), accepted, harmless, finding('C'), finding('A', { path: 'c' })]);
  const { results, rules } = runIn(openSarif(given, settled, 'Dockerfile'));
  expect(results.map(({ ruleId, ruleIndex }) => [ruleId, rules[ruleIndex]?.id])).toEqual([
    ['A', 'A'],
    ['C', 'C'],
    ['A', 'A'],
  ]);
  expect(rules).toHaveLength(2);
});

// SARIF 2.1.0, 3.4.3: a URI reference as RFC 3986 has it
test.each([
  ['services/hello/Dockerfile', 'services/hello/Dockerfile'],
  ['my services/größe/100%#1/Dockerfile', 'my%20services/gr%C3%B6%C3%9Fe/100%25%231/Dockerfile'],
])('the place %s is written as %s', (place, uri) => {
  const { runs } = JSON.parse(findingsSarif(report([finding('A')]), nothing, place)) as {
    runs: [{ results: [{ locations: [{ physicalLocation: { artifactLocation: { uri: string } } }] }] }];
  };
  expect(runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(uri);
});

// docs.github.com, "SARIF results exceed one or more limits": of a run the top 5,000 results are kept
test('no more results are written than code scanning keeps, the worst first', () => {
  const many = Array.from({ length: 6_000 }, (_unused, at) => finding(`CVE-${at}`));
  const { results } = runOf(many);
  expect(results).toHaveLength(5_000);
  expect(results[0]?.ruleId).toBe('CVE-0');
});
