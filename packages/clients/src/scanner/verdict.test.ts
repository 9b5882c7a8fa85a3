import { english } from '@fairway/service/reasons/delivery-reason';
import type { Finding, ScanReport } from './finding.ts';
import type { Judgement } from './judge.ts';
import { scanReason, scanVerdict } from './verdict.ts';

const finding = (name: string): Finding => ({
  id: `CVE-${name}`,
  severity: 'high',
  package: name,
  ecosystem: 'debian',
  installed: '1',
  fixed: '2',
  title: '',
});
const report = (findings: readonly Finding[], inconclusive: readonly string[] = []): ScanReport => ({
  image: 'a:1',
  scanner: { name: 'trivy', version: '1' },
  packages: { debian: 3 },
  findings,
  inconclusive,
  notes: [],
});
const judgement = (blocking: readonly Finding[], accepted: readonly Finding[] = []): Judgement => ({
  blocking,
  fixable: [...blocking, ...accepted],
  accepted: accepted.map(found => ({ finding: found, exception: { id: found.id, reason: 'r', until: '2030-01-01' } })),
  old: [],
  stated: [],
  expired: [],
});
const five = ['a', 'b', 'c', 'd', 'e'].map(finding);

test.each<[string, ScanReport, Judgement, string, string]>([
  [
    'nothing found',
    report([]),
    judgement([]),
    'pass',
    'No fixable finding of severity high or higher; no other finding.',
  ],
  [
    'only others',
    report([finding('a')]),
    judgement([]),
    'pass',
    'No fixable finding of severity high or higher; 1 other finding.',
  ],
  [
    'an exception',
    report([finding('a')]),
    judgement([], [finding('a')]),
    'pass',
    'No fixable finding of severity high or higher, 1 accepted for a time; no other finding.',
  ],
  [
    'what the base branch has',
    report([finding('a')]),
    { ...judgement([]), old: [finding('a')] },
    'pass',
    'No new fixable finding of severity high or higher, 1 in the base branch too; no other finding.',
  ],
  [
    'blocking findings',
    report(five),
    judgement(five),
    'fail',
    '5 findings of severity high or higher can be fixed, in a, b, c, d and 1 more.',
  ],
  [
    'blocking findings and unknowns',
    report([finding('a')], ['x']),
    judgement([finding('a')]),
    'fail',
    '1 finding of severity high or higher can be fixed, in a.',
  ],
  ['unknowns only', report([], ['There is no data.']), judgement([]), 'inconclusive', 'There is no data.'],
])('%s', (_name, scanned, judged, verdict, reason) => {
  expect(scanVerdict(scanned, judged)).toBe(verdict);
  expect(english(scanReason(scanned, judged, 'high'))).toBe(reason);
});
