import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readVex } from './openvex.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'fairway-vex-'))));
afterEach(() => rm(folder, { recursive: true }));

// the form of the specification's own examples
const document = {
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://openvex.dev/docs/example/vex-9fb3463de1b57',
  author: 'Wolfi J Inkinson',
  role: 'Document Creator',
  timestamp: '2023-01-08T18:02:03.647787998-06:00',
  version: 1,
  statements: [
    {
      vulnerability: { name: 'CVE-2023-12345' },
      products: [{ '@id': 'pkg:apk/wolfi/git@2.39.0-r1' }],
      status: 'fixed',
    },
    {
      vulnerability: { name: 'CVE-2023-12346' },
      timestamp: '2023-01-09T00:00:00Z',
      products: [{ '@id': 'pkg:apk/wolfi/git@2.39.0-r1' }],
      status: 'not_affected',
      impact_statement: 'The vulnerable code was removed with a custom patch',
    },
  ],
};
const first = document.statements[0]!;

test('a statement without a time has that of its document', async () => {
  await writeFile(join(folder, 'vex.json'), JSON.stringify(document));
  const statements = await readVex(folder, ['vex.json']);
  expect(statements.map(({ timestamp, file }) => [timestamp, file])).toEqual([
    [document.timestamp, 'vex.json'],
    ['2023-01-09T00:00:00Z', 'vex.json'],
  ]);
});

test.each<[string, unknown, string]>([
  ['is of the format before', { ...document, statements: [{ ...first, vulnerability: 'CVE-1' }] }, '`statements[0].vulnerability` must be a mapping; found the text "CVE-1".'], // prettier-ignore
  ['names no product', { ...document, statements: [{ ...first, products: [] }] }, '`statements[0].products` must be a list of at least 1; found a list.'], // prettier-ignore
  ['has a status of its own', { ...document, statements: [{ ...first, status: 'ignored' }] }, '`statements[0].status` must be one of not_affected, affected, fixed, under_investigation; found the text "ignored".'], // prettier-ignore
  ['does not say why', { ...document, statements: [{ ...first, status: 'not_affected' }] }, '`statements[0]` says not_affected without saying why: add a justification.'], // prettier-ignore
  ['is no VEX', { ...document, '@context': 'https://cyclonedx.org' }, '`@context` must be https://openvex.dev/ns/v0.2.0; found the text "https://cyclonedx.org".'], // prettier-ignore
])('a document that %s is rejected with its place', async (_name, content, message) => {
  await writeFile(join(folder, 'vex.json'), JSON.stringify(content));
  await expect(readVex(folder, ['vex.json'])).rejects.toThrow(
    `${join(folder, 'vex.json')}: this is not an OpenVEX 0.2.0 document: ${message}`,
  );
});

test('a document that is not there is named, and one that is not JSON', async () => {
  await expect(readVex(folder, ['vex.json'])).rejects.toThrow(
    `\`scan.vex\` names ${join(folder, 'vex.json')}, which cannot be read (ENOENT).`,
  );
  await writeFile(join(folder, 'vex.json'), 'statements:');
  await expect(readVex(folder, ['vex.json'])).rejects.toThrow(`${join(folder, 'vex.json')}: this is not JSON: `);
});

// RFC 8259, 8.1: JSON is UTF-8, and who reads it may pass over a byte order mark
test('a document with a byte order mark is read, and one in another encoding is named', async () => {
  const text = `\uFEFF${JSON.stringify(document)}`;
  await writeFile(join(folder, 'vex.json'), text);
  await expect(readVex(folder, ['vex.json'])).resolves.toHaveLength(2);
  await writeFile(join(folder, 'vex.json'), text, 'utf16le');
  await expect(readVex(folder, ['vex.json'])).rejects.toThrow('vex.json is UTF-16');
});
