import type { Finding } from './finding.ts';
import { fixPlan, placeOf } from './fix-plan.ts';

const finding = (id: string, name: string, fixed: string, ecosystem = 'debian', path?: string): Finding => ({
  id,
  severity: 'high',
  package: name,
  ecosystem,
  installed: '1',
  fixed,
  title: '',
  ...(path === undefined ? {} : { path }),
});
const exception = { id: 'C', reason: 'not reachable', until: '2030-01-01' };

const installed = '1';
const libssl = { package: 'libssl3', ecosystem: 'debian', installed };

test.each<[string, readonly Finding[], object]>([
  [
    'the newest of the fixed versions is asked for, once for each package',
    [finding('A', 'libssl3', '2'), finding('B', 'libssl3', '10')],
    { action: 'upgrade', manager: 'apt', ...libssl, atLeast: '10', findings: ['A', 'B'] },
  ],
  [
    'a package of Alpine',
    [finding('A', 'libcrypto3', '3.3.7-r0', 'alpine')],
    { action: 'upgrade', manager: 'apk', package: 'libcrypto3', atLeast: '3.3.7-r0' },
  ],
  [
    'a package of a distribution with RPM',
    [finding('A', 'openssl-libs', '1:3.5.1-4.el9_7', 'redhat')],
    { action: 'upgrade', manager: 'dnf', package: 'openssl-libs' },
  ],
  [
    'a Python package in a virtual environment',
    [finding('A', 'idna', '3.7', 'python-pkg', 'app/.venv/lib/python3.12/site-packages/idna-3.4.dist-info/METADATA')],
    { action: 'upgrade', manager: 'pip', environment: 'app/.venv/lib/python3.12/site-packages', atLeast: '3.7' },
  ],
  [
    'one that pip of Debian put beside the packages of the distribution',
    [finding('A', 'idna', '3.7', 'python-pkg', 'usr/local/lib/python3.11/dist-packages/idna-3.4.egg-info')],
    { action: 'upgrade', environment: 'usr/local/lib/python3.11/dist-packages' },
  ],
  [
    'one inside of another package',
    [
      finding(
        'A',
        'wheel',
        '0.46.2',
        'python-pkg',
        'usr/lib/python3.12/site-packages/setuptools/_vendor/wheel-0.43.0.dist-info/METADATA',
      ),
    ],
    {
      action: 'unfixable-now',
      because:
        'it lies in no Python environment (in usr/lib/python3.12/site-packages/setuptools/_vendor/wheel-0.43.0.dist-info/METADATA), so whoever put it there has to bring wheel 0.46.2',
    },
  ],
  [
    "one in uv's cache",
    [finding('A', 'idna', '3.7', 'python-pkg', 'root/.cache/uv/archive-v0/hMmT/idna-3.4.dist-info/METADATA')],
    { action: 'unfixable-now', because: expect.stringContaining('UV_NO_CACHE=1') },
  ],
  [
    'a build for GPUs',
    [
      {
        ...finding(
          'A',
          'torch',
          '2.6.0',
          'python-pkg',
          'opt/lib/python3.12/site-packages/torch-2.5.1.dist-info/METADATA',
        ),
        installed: '2.5.1+cu124',
      },
    ],
    { action: 'unfixable-now', because: expect.stringContaining('2.5.1+cu124, from another index') },
  ],
  [
    'a program in Go',
    [finding('A', 'stdlib', '1.22.4', 'gobinary', 'usr/bin/tool')],
    {
      action: 'unfixable-now',
      because:
        'it is a package of the kind gobinary (in usr/bin/tool), which belongs to the service: require stdlib 1.22.4 there',
    },
  ],
])('%s', (_name, blocking, expected) => {
  expect(fixPlan({ blocking, accepted: [], stated: [] }, new Map())).toMatchObject([expected]);
});

test('two environments are two places, and what was tried in one in vain is tried in the other', () => {
  const of = (environment: string) =>
    finding(
      'A',
      'idna',
      '3.7',
      'python-pkg',
      `${environment}/lib/python3.12/site-packages/idna-3.4.dist-info/METADATA`,
    );
  const blocking = [of('a'), of('b')];
  const tried = new Map([[placeOf(of('a')), 'requests forbids it']]);
  expect(fixPlan({ blocking, accepted: [], stated: [] }, tried)).toMatchObject([
    { action: 'unfixable-now', because: 'requests forbids it' },
    { action: 'upgrade', environment: 'b/lib/python3.12/site-packages' },
  ]);
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
