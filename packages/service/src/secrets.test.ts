import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSecrets } from './secrets.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'fairway-secrets-'))));
afterEach(() => rm(folder, { recursive: true }));

// put together here, so that scanners of this repository find nothing in it
const mixed = 'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0dF5hJ7';
const privateKey = ['-----BEGIN', 'RSA PRIVATE', 'KEY-----'].join(' ');
const aws = `AK${'IA'}Q3EGRTXY7MNB2VCZ`;

test.each([
  ['a GitHub token', `gh${'p_'}${mixed}`],
  ['a GitHub token', `github${'_pat_'}${mixed.slice(0, 22)}_${(mixed + mixed).slice(0, 59)}`],
  ['a Hugging Face token', `h${'f_'}${mixed.slice(0, 34)}`],
  ['an AWS access key', aws],
  ['an OpenAI key', `s${'k-'}proj-${mixed}T3Blbk${'FJ'}${mixed}`],
  ['an Anthropic key', `s${'k-'}ant-api03-${mixed}${mixed}${mixed}`],
  ['a Slack token', `xo${'xb-'}123456789012-${mixed}`],
  ['a Google API key', `AI${'za'}${mixed.slice(0, 35)}`],
  ['an npm token', `np${'m_'}${mixed.slice(0, 36)}`],
  ['a PyPI token', `py${'pi-'}AgEIcHlwaS5vcmc${mixed}${mixed}`],
  ['a Vault token', `h${'vs.'}${mixed.slice(0, 24)}`],
  ['a GitLab token', `gl${'pat-'}${mixed.slice(0, 20)}`],
  ['a private key', privateKey],
])('finds %s and keeps no value', async (kind, value) => {
  await writeFile(join(folder, 'app.env'), `A=1\nTOKEN=${value}\n`);
  expect(await findSecrets(folder)).toEqual([{ file: 'app.env', line: 2, column: 7, kind }]);
});

test.each([
  ['a placeholder', `h${'f_'}${'x'.repeat(34)}`],
  ['the key of every AWS manual', `AK${'IA'}IOSFODNN7EXAMPLE`],
  ['a public key', '-----BEGIN PUBLIC KEY-----'],
  ['a commit', '0123456789abcdef0123456789abcdef01234567'],
  ['a word that begins alike', 'hf_transfer and sk-learn'],
  ['a line with a reason', `${aws} # fairway:allow-secret revoked test key`],
  ['a line after a reason', `# fairway:allow-secret revoked test key\n${aws}`],
])('lets %s through', async (_name, text) => {
  await writeFile(join(folder, 'README.md'), text);
  expect(await findSecrets(folder)).toEqual([]);
});

test('an exception without a reason does not count', async () => {
  await writeFile(join(folder, 'a'), `${aws} # fairway:allow-secret`);
  expect(await findSecrets(folder)).toHaveLength(1);
});

test('passes over binary files and files over 1 MiB', async () => {
  await writeFile(join(folder, 'binary'), `\0${aws}`);
  await writeFile(join(folder, 'long'), `${aws}\n${'x'.repeat(1024 * 1024)}`);
  expect(await findSecrets(folder)).toEqual([]);
});

test('looks at what Docker leaves out and git keeps, and not at what both leave out', async () => {
  await mkdir(join(folder, '.git'));
  await mkdir(join(folder, 'service', 'local'), { recursive: true });
  await writeFile(join(folder, '.gitignore'), '.env\nservice/local/\n');
  const service = join(folder, 'service');
  await writeFile(join(service, '.dockerignore'), '*\n');
  await writeFile(join(service, 'fetch.py'), aws);
  await writeFile(join(service, '.env'), aws);
  await writeFile(join(service, 'local', 'notes'), aws);
  expect((await findSecrets(service)).map(found => found.file)).toEqual(['fetch.py']);
});

test('looks at what git leaves out and Docker would send', async () => {
  await writeFile(join(folder, '.gitignore'), '.env\n');
  await writeFile(join(folder, '.env'), aws);
  expect((await findSecrets(folder)).map(found => found.file)).toEqual(['.env']);
});
