import { english } from '@fairway/service/reasons/delivery-reason';
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
    { action: 'patch-layer', manager: 'apt', ...libssl, atLeast: '10', findings: ['A', 'B'] },
  ],
  [
    'a package of Alpine',
    [finding('A', 'libcrypto3', '3.3.7-r0', 'alpine')],
    { action: 'patch-layer', manager: 'apk', package: 'libcrypto3', atLeast: '3.3.7-r0' },
  ],
  [
    'a package of MinimOS, which has that of Alpine (Trivy, pkg/fanal/types/const.go)',
    [finding('A', 'libcrypto3', '3.3.7-r0', 'minimos')],
    { action: 'patch-layer', manager: 'apk' },
  ],
  [
    'a Python package whose own line has no fix: nothing goes back',
    [
      {
        ...finding(
          'A',
          'urllib3',
          '2.2.2',
          'python-pkg',
          'opt/venv/lib/python3.12/site-packages/urllib3-3.0.1.dist-info',
        ),
        installed: '3.0.1',
      },
    ],
    {
      action: 'unfixable-now',
      because:
        'no version newer than 3.0.1 has the fix (in opt/venv/lib/python3.12/site-packages/urllib3-3.0.1.dist-info): the nearest that has it is 2.2.2',
    },
  ],
  [
    'a package of a distribution with RPM',
    [finding('A', 'openssl-libs', '1:3.5.1-4.el9_7', 'redhat')],
    { action: 'patch-layer', manager: 'dnf', package: 'openssl-libs' },
  ],
  [
    'a Python package in a virtual environment',
    [finding('A', 'idna', '3.7', 'python-pkg', 'app/.venv/lib/python3.12/site-packages/idna-3.4.dist-info/METADATA')],
    { action: 'patch-layer', manager: 'pip', environment: 'app/.venv/lib/python3.12/site-packages', atLeast: '3.7' },
  ],
  [
    'one that pip of Debian put beside the packages of the distribution',
    [finding('A', 'idna', '3.7', 'python-pkg', 'usr/local/lib/python3.11/dist-packages/idna-3.4.egg-info')],
    { action: 'patch-layer', environment: 'usr/local/lib/python3.11/dist-packages' },
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
    'one of Python without its global lock',
    [finding('A', 'idna', '3.7', 'python-pkg', 'opt/lib/python3.13t/site-packages/idna-3.4.dist-info/METADATA')],
    { action: 'patch-layer', manager: 'pip', environment: 'opt/lib/python3.13t/site-packages' },
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
  ...['opensuse-leap', 'opensuse-tumbleweed', 'sles', 'slem'].map((ecosystem): [string, readonly Finding[], object] => [
    `a package of ${ecosystem}`,
    [finding('A', 'libopenssl1_1', '1.1.1l-150400.7.22.1', ecosystem)],
    { action: 'patch-layer', manager: 'zypper', package: 'libopenssl1_1', atLeast: '1.1.1l-150400.7.22.1' },
  ]),
  [
    'a package of Node inside of the tree of another one',
    [finding('A', 'minimist', '1.2.6', 'node-pkg', 'app/node_modules/mkdirp/node_modules/minimist/package.json')],
    { action: 'patch-layer', manager: 'npm', environment: 'app/node_modules/mkdirp/node_modules', atLeast: '1.2.6' },
  ],
  [
    'a package of Node with a scope, in the root folder',
    [finding('A', '@babel/traverse', '7.23.2', 'node-pkg', 'node_modules/@babel/traverse/package.json')],
    { action: 'patch-layer', manager: 'npm', environment: 'node_modules', package: '@babel/traverse' },
  ],
  [
    'one that another package has in its own files',
    [finding('A', 'send', '0.19.0', 'node-pkg', 'app/node_modules/next/dist/compiled/send/package.json')],
    {
      action: 'unfixable-now',
      because:
        'it lies in no node_modules under its own name (in app/node_modules/next/dist/compiled/send/package.json), so whoever put it there has to bring send 0.19.0',
    },
  ],
  [
    'one that it brings in a node_modules of its own files',
    [finding('A', 'send', '0.19.0', 'node-pkg', 'app/node_modules/next/lib/node_modules/send/package.json')],
    { action: 'unfixable-now', because: expect.stringContaining('whoever put it there has to bring send 0.19.0') },
  ],
  [
    'one of those that came inside of npm',
    [
      finding(
        'A',
        'cross-spawn',
        '7.0.5',
        'node-pkg',
        'usr/local/lib/node_modules/npm/node_modules/cross-spawn/package.json',
      ),
    ],
    { action: 'patch-layer', manager: 'npm', environment: 'usr/local/lib/node_modules/npm/node_modules' },
  ],
  [
    'one that pnpm installed',
    [finding('A', 'qs', '6.14.1', 'node-pkg', 'app/node_modules/.pnpm/qs@6.13.0/node_modules/qs/package.json')],
    { action: 'unfixable-now', because: expect.stringContaining('require qs 6.14.1 in pnpm-lock.yaml') },
  ],
  // the three as Trivy 0.58 names them, pkg/dependency/parser/golang/binary and rust/binary
  [
    'the standard library of a program in Go',
    [
      finding('A', 'stdlib', '1.22.4', 'gobinary', 'usr/bin/tool'),
      finding('B', 'stdlib', '1.22.7', 'gobinary', 'usr/bin/tool'),
    ],
    {
      action: 'rebuild',
      environment: 'usr/bin/tool',
      atLeast: '1.22.7',
      because: 'rebuild /usr/bin/tool with Go 1.22.7 or newer, or take a release of it that was',
    },
  ],
  [
    'a module in it',
    [finding('A', 'golang.org/x/net', '0.38.0', 'gobinary', 'usr/local/bin/x')],
    {
      action: 'rebuild',
      package: 'golang.org/x/net',
      because: 'rebuild /usr/local/bin/x with golang.org/x/net v0.38.0 or newer, or take a release of it that was',
    },
  ],
  [
    'a crate of a program in Rust',
    [finding('A', 'rustls', '0.23.5', 'rustbinary', 'usr/bin/uv')],
    { action: 'rebuild', because: expect.stringMatching(/^rebuild \/usr\/bin\/uv with the crate rustls 0\.23\.5 or/) },
  ],
])('%s', (_name, blocking, expected) => {
  const plan = fixPlan({ blocking, accepted: [], stated: [] }, new Map());
  expect(plan).toMatchObject([expected]);
  // for readers of other languages the same
  for (const action of plan) if ('coded' in action && action.coded) expect(english(action.coded)).toBe(action.because);
  expect(plan.filter(action => action.action !== 'patch-layer').every(action => 'coded' in action)).toBe(true);
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
    { action: 'patch-layer', environment: 'b/lib/python3.12/site-packages' },
  ]);
});

test('each program is rebuilt by itself, with what its own line needs', () => {
  const blocking = [
    { ...finding('A', 'stdlib', '1.22.4', 'gobinary', 'usr/bin/old'), installed: 'v1.22.3' },
    { ...finding('A', 'stdlib', '1.23.1', 'gobinary', 'usr/bin/new'), installed: 'v1.23.0' },
  ];
  expect(fixPlan({ blocking, accepted: [], stated: [] }, new Map())).toMatchObject([
    { environment: 'usr/bin/old', installed: 'v1.22.3', atLeast: '1.22.4' },
    { environment: 'usr/bin/new', installed: 'v1.23.0', atLeast: '1.23.1' },
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
