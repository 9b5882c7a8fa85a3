import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { otherReports, otherReportsKey } from './other-reports.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'fairway-reports-'))));
afterEach(() => rm(folder, { recursive: true }));

const report = (id: string) => JSON.stringify({ id });

test('what is in the files counts for the key, and not where they are', async () => {
  const [one, same, other] = ['a.json', 'b.json', 'c.json'].map(name => join(folder, name)) as [string, string, string];
  await writeFile(one, report('CVE-2026-1'));
  await writeFile(same, report('CVE-2026-1'));
  await writeFile(other, report('CVE-2026-2'));
  const key = (...files: string[]) => otherReportsKey({ 'other-reports': files });
  expect(await key(one)).toEqual(await key(same));
  expect(await key(one)).not.toEqual(await key(other));
  expect(await otherReportsKey({})).toEqual({});
  await expect(otherReports({ 'other-reports': [other, one] }, (...of) => of)).resolves.toEqual([
    ['c.json', report('CVE-2026-2')],
    ['a.json', report('CVE-2026-1')],
  ]);
});

test.each([
  ['is not there', undefined, 'ENOENT'],
  ['is not JSON', '<bom/>', 'is not valid JSON'],
])('a file that %s is named', async (_name, content, words) => {
  const path = join(folder, 'snyk.json');
  if (content) await writeFile(path, content);
  const reading = otherReports({ 'other-reports': [path] }, (_file, text) => JSON.parse(text) as unknown);
  await expect(reading).rejects.toThrow(`The input other-reports names "${path}", from which no findings can be read`);
  await expect(reading).rejects.toThrow(words);
});
