import type { Finding } from '@fairway/clients/scanner/index';
import type { DeliveryRecord, StageEntry } from '@fairway/stage';
import { fixedFrom, scanVex } from './vex.ts';

const finding = (id: string, more: Partial<Finding> = {}): Finding => ({
  id,
  severity: 'high',
  package: 'libssl3',
  ecosystem: 'debian',
  installed: '1',
  purl: 'pkg:deb/debian/libssl3@1?arch=amd64',
  title: '',
  ...more,
});
const service = { name: 'hello', owner: 'group:team-a', image: `sha256:${'a'.repeat(64)}` };
const now = new Date('2026-06-01T00:00:00Z');

test('what was accepted, stated and fixed is stated of the image', () => {
  const exception = { id: 'A', reason: 'not reachable', owner: 'team-a', until: '2026-07-01' };
  const statement = {
    vulnerability: { name: 'B' },
    products: [{ '@id': 'pkg:oci/hello' }],
    timestamp: '2026-05-01T00:00:00Z',
    status: 'not_affected' as const,
    justification: 'vulnerable_code_not_present',
    impact_statement: 'It is built without it.',
    file: 'vex.json',
  };
  const vex = scanVex(
    service,
    {
      accepted: [{ finding: finding('A', { aliases: ['GHSA-A'] }), exception }],
      stated: [{ finding: finding('B'), statement }],
    },
    [finding('C')],
    now,
  );
  expect(vex).toMatchObject({ author: 'group:team-a', timestamp: '2026-06-01T00:00:00.000Z', version: 1 });
  const oci = expect.stringMatching(/^pkg:oci\/hello@sha256(%3A|:)a{64}$/);
  const about = (purl: string) => [
    {
      '@id': oci,
      identifiers: { purl: oci },
      hashes: { 'sha-256': 'a'.repeat(64) },
      subcomponents: [{ '@id': purl, identifiers: { purl } }],
    },
  ];
  const whole = 'pkg:deb/debian/libssl3@1?arch=amd64';
  expect(vex?.statements).toEqual([
    {
      vulnerability: { name: 'A', aliases: ['GHSA-A'] },
      products: about(whole),
      status: 'affected',
      action_statement: 'Accepted until 2026-07-01 by team-a: not reachable',
    },
    {
      vulnerability: { name: 'B' },
      products: about(whole),
      status: 'not_affected',
      timestamp: '2026-05-01T00:00:00Z',
      justification: 'vulnerable_code_not_present',
      status_notes: 'It is built without it. (vex.json)',
    },
    { vulnerability: { name: 'C' }, products: about('pkg:deb/debian/libssl3'), status: 'fixed' },
  ]);
});

test('nothing decided and nothing fixed is no document', () => {
  expect(scanVex(service, { accepted: [], stated: [] }, [], now)).toBeUndefined();
});

test('only the image that was patched has something fixed in it', () => {
  const before = { mediaType: 'x', path: 'evidence/remediate/findings-before.json', digest: 'sha256:b' };
  const record = (entry: Partial<StageEntry>) =>
    ({
      stages: { remediate: { verdict: 'pass', outputs: { digest: 'sha256:1' }, evidence: [before], ...entry } },
    }) as unknown as DeliveryRecord;
  expect(fixedFrom(record({}), 'sha256:1')).toBe(before);
  expect(fixedFrom(record({}), 'sha256:2')).toBeUndefined();
  expect(fixedFrom(record({ stale: true }), 'sha256:1')).toBeUndefined();
  expect(fixedFrom(record({ verdict: 'fail' }), 'sha256:1')).toBeUndefined();
});
