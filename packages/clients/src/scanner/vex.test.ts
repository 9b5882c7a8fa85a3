import type { Finding } from './finding.ts';
import { imageProduct, statementAbout, vexDocument } from './vex.ts';
import type { VexProduct, VexStatement } from './vex.ts';

const digest = 'sha256:124c7d2707904eea7431fffe91522a01e5a861a624ee31d03372cc1d138a3126';
const image = { name: 'assistant', digest };
const libssl = 'pkg:deb/debian/libssl3@3.0.20-1~deb12u1?arch=amd64&distro=debian-12.12';
const bsdutils = 'pkg:deb/debian/bsdutils@2.38.1-5%2Bdeb12u1?arch=amd64&distro=debian-12.5&epoch=1';
const finding = (more: Partial<Finding> = {}): Finding => ({
  id: 'CVE-2026-1',
  severity: 'high',
  package: 'libssl3',
  ecosystem: 'debian',
  installed: '3.0.20-1~deb12u1',
  purl: libssl,
  title: '',
  ...more,
});
const statement = (products: readonly VexProduct[], more: Partial<VexStatement> = {}): VexStatement => ({
  vulnerability: { name: 'CVE-2026-1' },
  timestamp: '2026-06-01T00:00:00Z',
  products,
  status: 'not_affected',
  ...more,
});
const product = (id: string, ...parts: string[]): VexProduct => ({
  '@id': id,
  ...(parts.length ? { subcomponents: parts.map(part => ({ '@id': part })) } : {}),
});

test.each<[string, VexProduct, boolean]>([
  ['the image by its digest', { hashes: { 'sha-256': digest.slice(7) } }, true],
  ['another image by its digest', { hashes: { 'sha-256': '0'.repeat(64) } }, false],
  ['the image by a package URL without version', product('pkg:oci/assistant'), true],
  ['the image by a package URL', product(`pkg:oci/assistant@sha256%3A${digest.slice(7)}`), true],
  ['the image by another identifier', { identifiers: { purl: 'pkg:oci/assistant' } }, true],
  ['another image', product('pkg:oci/translator'), false],
  ['an older image', product(`pkg:oci/assistant@sha256%3A${'0'.repeat(64)}`), false],
  // who names a registry speaks of that one only, and before the push the image is in none
  ['the image in a registry', product('pkg:oci/assistant?repository_url=ghcr.io%2Fteam%2Fassistant'), false],
  ['the package in the image', product('pkg:oci/assistant', 'pkg:deb/debian/libssl3'), true],
  ['another package in the image', product('pkg:oci/assistant', 'pkg:deb/debian/zlib1g'), false],
  ['one of two packages in the image', product('pkg:oci/assistant', 'pkg:deb/debian/zlib1g', libssl), true],
  ['the package', product(libssl), true],
  ['the package of any version', product('pkg:deb/debian/libssl3?arch=amd64'), true],
  ['the package for another machine', product('pkg:deb/debian/libssl3?arch=arm64'), false],
  ['the package of another version', product('pkg:deb/debian/libssl3@3.0.19-1'), false],
  ['the package of another distribution', product('pkg:deb/ubuntu/libssl3'), false],
  ['a name that is no package URL', product('https://example.com/assistant'), false],
])('a statement about %s', (_name, about, concerns) => {
  expect(statementAbout(finding(), image, [statement([about])]) !== undefined).toBe(concerns);
});

// purl-spec has the epoch in the version for deb and as a qualifier for rpm; Trivy has it as a qualifier for both, and Grype leaves out the "v" of Go
test.each<[string, string, boolean]>([
  [bsdutils, 'pkg:deb/debian/bsdutils@1:2.38.1-5%2Bdeb12u1?arch=amd64', true],
  [bsdutils, 'pkg:deb/debian/bsdutils@1%3A2.38.1-5%2Bdeb12u1', true],
  [bsdutils, 'pkg:deb/debian/bsdutils@2.38.1-5%2Bdeb12u1?epoch=1', true],
  [bsdutils, 'pkg:deb/debian/bsdutils@2:2.38.1-5%2Bdeb12u1', false],
  [bsdutils, 'pkg:deb/debian/bsdutils?epoch=2', false],
  ['pkg:rpm/redhat/dbus-tools@1:1.12.20-8.el9?arch=x86_64', 'pkg:rpm/redhat/dbus-tools@1.12.20-8.el9?epoch=1', true],
  ['pkg:golang/stdlib@v1.22.3', 'pkg:golang/stdlib@1.22.3', true],
  ['pkg:golang/stdlib@v1.22.3', 'pkg:golang/stdlib@1.22.4', false],
])('of %s, %s is the version: %s', (purl, about, concerns) => {
  expect(statementAbout(finding({ purl }), image, [statement([product(about)])]) !== undefined).toBe(concerns);
});

test('a vulnerability is known by any of its identifiers', () => {
  const about = [product('pkg:oci/assistant')];
  const alias = statement(about, { vulnerability: { name: 'X', aliases: ['GHSA-1'] } });
  expect(statementAbout(finding({ aliases: ['GHSA-1'] }), image, [alias])).toBe(alias);
  expect(statementAbout(finding(), image, [alias])).toBeUndefined();
});

test('of several statements the newest counts, whatever their order', () => {
  const about = [product('pkg:oci/assistant')];
  const newer = statement(about, { timestamp: '2026-06-01T02:00:00+03:00', status: 'affected' });
  const newest = statement(about, { timestamp: '2026-06-01T00:00:00Z' });
  expect(statementAbout(finding(), image, [newest, newer])).toBe(newest);
});

test('a document says each thing once, under an identifier of its own', () => {
  const said = { vulnerability: { name: 'CVE-1' }, products: [imageProduct(image)], status: 'fixed' as const };
  const of = (author: string) => vexDocument([said, said], { author, timestamp: '2026-06-01T00:00:00Z' });
  expect(of('a')?.statements).toHaveLength(1);
  expect(of('a')?.['@id']).toBe(of('a')?.['@id']);
  expect(of('a')?.['@id']).not.toBe(of('b')?.['@id']);
  expect(vexDocument([], { author: 'a', timestamp: '2026-06-01T00:00:00Z' })).toBeUndefined();
});
