import type { Finding, ScanReport } from './finding.ts';
import type { Judgement } from './judge.ts';
import { findingsSarif } from './sarif.ts';

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
function runOf(findings: readonly Finding[], judgement = nothing) {
  const text = findingsSarif(report(findings), judgement, 'Dockerfile');
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
  ]).results.map(result => result.partialFingerprints.primaryLocationLineHash);
  expect(hashes[0]).toBe(hashes[1]);
  expect(hashes[2]).not.toBe(hashes[0]);
});

test('an accepted or harmless finding is suppressed with its reason; rules are listed once and found by their index', () => {
  const accepted = finding('B');
  const harmless = finding('A', { path: 'b' });
  const statement = {
    vulnerability: { name: 'A' },
    timestamp: '2026-06-01T00:00:00Z',
    products: [],
    status: 'not_affected' as const,
    justification: 'vulnerable_code_not_present',
    file: 'vex.json',
  };
  const exception = { id: 'B', reason: 'not reachable', until: '2030-01-01' };
  const { results, rules } = runOf([finding('A'), accepted, harmless], {
    ...nothing,
    accepted: [{ finding: accepted, exception }],
    stated: [{ finding: harmless, statement }],
  });
  expect(results.map(result => result.suppressions)).toEqual([
    undefined,
    [{ kind: 'external', status: 'accepted', justification: 'not reachable (until 2030-01-01)' }],
    [{ kind: 'external', status: 'accepted', justification: 'vulnerable code not present (vex.json)' }],
  ]);
  expect(results.map(({ ruleIndex }) => rules[ruleIndex]?.id)).toEqual(['A', 'B', 'A']);
});

// docs.github.com, "SARIF results exceed one or more limits": of a run the top 5,000 results are kept
test('no more results are written than code scanning keeps, the worst first', () => {
  const many = Array.from({ length: 6_000 }, (_unused, at) => finding(`CVE-${at}`));
  const { results } = runOf(many);
  expect(results).toHaveLength(5_000);
  expect(results[0]?.ruleId).toBe('CVE-0');
});
