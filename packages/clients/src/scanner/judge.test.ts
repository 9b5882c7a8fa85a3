import type { Finding } from './finding.ts';
import { judgeFindings } from './judge.ts';
import type { ScanPolicy } from './judge.ts';

const base: Finding = {
  id: 'CVE-2026-1',
  severity: 'high',
  package: 'libssl3',
  ecosystem: 'debian',
  installed: '1',
  fixed: '2',
  title: '',
};
const image = `sha256:${'a'.repeat(64)}`;
const today = new Date('2026-06-15T12:00:00Z');
const until = (day: string) => [{ id: 'CVE-2026-1', reason: 'not reachable', until: day }];

test.each<
  [
    string,
    Partial<Finding>,
    Pick<ScanPolicy, 'failOn' | 'exceptions'>,
    { blocking: number; fixable: number; accepted: number; expired: number },
  ]
>([
  [
    'a high finding at "high"',
    {},
    { failOn: 'high', exceptions: [] },
    { blocking: 1, fixable: 1, accepted: 0, expired: 0 },
  ],
  [
    'a high finding at "critical"',
    {},
    { failOn: 'critical', exceptions: [] },
    { blocking: 0, fixable: 1, accepted: 0, expired: 0 },
  ],
  [
    'a finding without a fix',
    { fixed: undefined },
    { failOn: 'low', exceptions: [] },
    { blocking: 0, fixable: 0, accepted: 0, expired: 0 },
  ],
  [
    'an unknown severity at "low"',
    { severity: 'unknown' },
    { failOn: 'low', exceptions: [] },
    { blocking: 1, fixable: 1, accepted: 0, expired: 0 },
  ],
  [
    'an unknown severity at "medium"',
    { severity: 'unknown' },
    { failOn: 'medium', exceptions: [] },
    { blocking: 0, fixable: 1, accepted: 0, expired: 0 },
  ],
  [
    'an exception on its last day',
    {},
    { failOn: 'high', exceptions: until('2026-06-15') },
    { blocking: 0, fixable: 1, accepted: 1, expired: 0 },
  ],
  [
    'an exception that ended yesterday',
    {},
    { failOn: 'high', exceptions: until('2026-06-14') },
    { blocking: 1, fixable: 1, accepted: 0, expired: 1 },
  ],
  [
    'an exception for another package',
    {},
    { failOn: 'high', exceptions: [{ ...until('2026-06-15')[0]!, package: 'openssl' }] },
    { blocking: 1, fixable: 1, accepted: 0, expired: 0 },
  ],
  [
    'an exception for the package, by an alias of the finding',
    { id: 'GHSA-1', aliases: ['CVE-2026-1'] },
    { failOn: 'high', exceptions: [{ ...until('2026-06-15')[0]!, package: 'libssl3', owner: 'team-a' }] },
    { blocking: 0, fixable: 1, accepted: 1, expired: 0 },
  ],
  [
    'an exception by an alias of its own',
    { id: 'GHSA-1' },
    { failOn: 'high', exceptions: [{ ...until('2026-06-15')[0]!, aliases: ['GHSA-1'] }] },
    { blocking: 0, fixable: 1, accepted: 1, expired: 0 },
  ],
])('%s', (_name, change, policy, expected) => {
  const judged = judgeFindings(
    { image, findings: [{ ...base, ...change }] },
    { ...policy, product: 'hello', statements: [] },
    today,
  );
  expect({
    blocking: judged.blocking.length,
    fixable: judged.fixable.length,
    accepted: judged.accepted.length,
    expired: judged.expired.length,
  }).toEqual(expected);
});

test.each([
  ['not_affected', 0, 1],
  ['fixed', 0, 1],
  ['affected', 1, 0],
  ['under_investigation', 1, 0],
] as const)('a finding that is %s by VEX', (status, blocking, stated) => {
  const statement = {
    vulnerability: { name: 'CVE-2026-1' },
    timestamp: '2026-06-01T00:00:00Z',
    products: [{ '@id': 'pkg:oci/hello' }],
    status,
    file: 'vex.json',
  };
  const policy = { failOn: 'high' as const, exceptions: [], product: 'hello', statements: [statement] };
  const judged = judgeFindings({ image, findings: [base] }, policy, today);
  expect([judged.blocking.length, judged.stated.length]).toEqual([blocking, stated]);
});

// package URLs as Trivy writes them (pkg/purl/purl_test.go): the release of the distribution, which a newer base has too, is a qualifier
test.each([
  ['in the same version', 'pkg:deb/debian/libssl3@1?arch=amd64&distro=debian-12.5', 0, 1],
  ['in an older version', 'pkg:deb/debian/libssl3@0?arch=amd64&distro=debian-12.5', 1, 0],
  ['in the same version of another release', 'pkg:deb/debian/libssl3@1?arch=amd64&distro=debian-12.4', 0, 1],
  ['of another epoch', 'pkg:deb/debian/libssl3@1?arch=amd64&distro=debian-12.5&epoch=1', 1, 0],
] as const)('a finding in a package that the base branch has %s', (_name, purl, blocking, old) => {
  const policy = { failOn: 'high' as const, exceptions: [], product: 'hello', statements: [], base: [purl] };
  const findings = [{ ...base, purl: 'pkg:deb/debian/libssl3@1?arch=amd64&distro=debian-12.5' }];
  const judged = judgeFindings({ image, findings }, policy, today);
  expect([judged.blocking.length, judged.old.length]).toEqual([blocking, old]);
});
