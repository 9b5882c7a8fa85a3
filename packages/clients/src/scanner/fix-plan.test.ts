import type { Finding } from './finding.ts';
import { fixPlan } from './fix-plan.ts';

const finding = (id: string, name: string, fixed: string, ecosystem = 'debian'): Finding => ({
  id,
  severity: 'high',
  package: name,
  ecosystem,
  installed: '1',
  fixed,
  title: '',
});
const exception = { id: 'C', reason: 'not reachable', until: '2030-01-01' };

test.each<[string, readonly Finding[], ReadonlyMap<string, string>, object[]]>([
  [
    'the newest of the fixed versions is asked for, once for each package',
    [finding('A', 'libssl3', '2'), finding('B', 'libssl3', '10')],
    new Map(),
    [{ action: 'upgrade', package: 'libssl3', installed: '1', atLeast: '10', findings: ['A', 'B'] }],
  ],
  [
    'packages of a language belong to the service',
    [finding('A', 'jinja2', '3', 'python-pkg')],
    new Map(),
    [
      {
        action: 'unfixable-now',
        package: 'jinja2',
        because: 'it is a package of the kind python-pkg, which belongs to the service: require jinja2 3 there',
        require: { ecosystem: 'python-pkg', installed: '1', atLeast: '3' },
        findings: ['A'],
      },
    ],
  ],
  [
    'what was tried in vain is not tried again',
    [finding('A', 'libssl3', '2')],
    new Map([['libssl3', 'the mirrors offer no newer version']]),
    [{ action: 'unfixable-now', package: 'libssl3', because: 'the mirrors offer no newer version', findings: ['A'] }],
  ],
])('%s', (_name, blocking, tried, expected) => {
  expect(fixPlan({ blocking, accepted: [], stated: [] }, tried)).toEqual(expected);
});

test('accepted and harmless findings are in the plan', () => {
  const statement = {
    vulnerability: { name: 'D' },
    timestamp: '2026-06-01T00:00:00Z',
    products: [],
    status: 'not_affected' as const,
    justification: 'vulnerable_code_not_in_execute_path',
    file: 'vex.json',
  };
  const judgement = {
    blocking: [],
    accepted: [{ finding: finding('C', 'zlib', '2'), exception }],
    stated: [{ finding: finding('D', 'libxml2', '2'), statement }],
  };
  const because = 'vulnerable code not in execute path';
  expect(fixPlan(judgement, new Map())).toEqual([
    { action: 'accept-until', package: 'zlib', until: '2030-01-01', because: 'not reachable', findings: ['C'] },
    { action: 'vex', package: 'libxml2', status: 'not_affected', because, findings: ['D'] },
  ]);
});
