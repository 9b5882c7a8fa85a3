import { pushedVex } from './vex.ts';

test('the statements are of the pushed image, with the packages that they name, in a document of its own', () => {
  const subcomponents = [{ '@id': 'pkg:deb/debian/zlib1g@1' }];
  const scanned = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://openvex.dev/docs/public/vex-0',
    author: 'group:team-a',
    timestamp: '2026-06-01T00:00:00Z',
    version: 1,
    tooling: 'Fairway',
    statements: [
      {
        vulnerability: { name: 'CVE-1' },
        products: [{ '@id': 'pkg:oci/hello@sha256%3A00', hashes: { 'sha-256': '00' }, subcomponents }],
        status: 'fixed',
      },
    ],
  };
  const pushed = JSON.parse(pushedVex(JSON.stringify(scanned), 'hello', 'sha256:bb')) as typeof scanned;
  expect(pushed).toMatchObject({
    author: 'group:team-a',
    timestamp: '2026-06-01T00:00:00Z',
    statements: [{ vulnerability: { name: 'CVE-1' }, status: 'fixed', products: [{ subcomponents }] }],
  });
  expect(pushed.statements[0]?.products[0]?.hashes).toEqual({ 'sha-256': 'bb' });
  expect(pushed['@id']).not.toBe(scanned['@id']);
});
