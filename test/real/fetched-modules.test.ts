import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchModules } from '../../packages/platform/src/build/go-part.ts';
import type { GoPart } from '../../packages/platform/src/parts.ts';

const source = join(import.meta.dirname, '../../packages/platform/parts/sandbox');
const part: GoPart = { kind: 'go', name: 'sandbox', source };
const before = process.env['GOMODCACHE'];
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-modules-'));
  process.env['GOMODCACHE'] = folder;
});
afterAll(async () => {
  if (before === undefined) delete process.env['GOMODCACHE'];
  else process.env['GOMODCACHE'] = before;
  execFileSync('chmod', ['-R', 'u+w', folder]);
  await rm(folder, { recursive: true });
});

test('what was fetched ahead is compiled without a module proxy', async () => {
  const compile = () =>
    execFileSync('go', ['build', '-mod=readonly', '-n', '-o', '/dev/null', '.'], {
      cwd: source,
      env: { ...process.env, GOPROXY: 'off', GOWORK: 'off', CGO_ENABLED: '0' },
      stdio: 'pipe',
    });
  expect(compile).toThrow(/module lookup disabled/);
  await fetchModules(part, new AbortController().signal);
  compile();
}, 120_000);
