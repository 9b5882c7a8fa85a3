import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runningInputs, scannerInputs } from './local-inputs.ts';
import { notAsked } from './without-platform.ts';

const scanner = { trivy: '/parts/trivy', grype: '/parts/grype', database: '/vulnerabilities' };

test.each([
  ['nobody named one', {}, {}],
  ['Trivy by name', { scanner: 'trivy' }, { scanner: '/parts/trivy' }],
  ['Grype by name', { scanner: 'grype' }, { scanner: '/parts/grype' }],
  ['a program of the user', { scanner: '/usr/bin/grype' }, {}],
  ['mirrors take the place of the database', { 'database-mirrors': ['a'] }, { database: undefined }],
  ['not of one that was named', { 'database-mirrors': ['a'], database: '/own' }, { database: '/own' }],
])('%s', (_case, given, inputs) => {
  expect(scannerInputs({ scanner }, given)).toStrictEqual(inputs);
});

test('Grype on a platform without it is said with what brings it', () => {
  expect(() => scannerInputs({ scanner: { ...scanner, grype: undefined } }, { scanner: 'grype' })).toThrow(
    /^`scanner` is grype, and .* `fairway platform up --with grype` brings it/,
  );
});

test('a platform that was never up, or whose machine was restarted since, gives no inputs and is not started', async () => {
  const before = process.env['XDG_STATE_HOME'];
  const state = await mkdtemp(join(tmpdir(), 'fairway-state-'));
  process.env['XDG_STATE_HOME'] = state;
  try {
    expect(await runningInputs({})).toBeUndefined();
    const folder = join(state, 'fairway');
    await mkdir(folder);
    // port 1 of the loopback, where nothing listens
    const url = 'http://127.0.0.1:1';
    const file = { passwordFile: join(folder, 'password'), kubeconfig: join(folder, 'kubeconfig') };
    await writeFile(file.passwordFile, 'secret');
    const left = {
      ...{ schemaVersion: 1, docker: { host: 'tcp://127.0.0.1:1' }, registry: { address: '127.0.0.1:1', ...file } },
      ...{ kubernetes: { ...file, context: 'fairway' }, gateway: { url }, issuer: { jwksUrl: url } },
      ...{ prometheus: { url }, alertmanager: { url } },
    };
    await writeFile(join(folder, 'platform.json'), JSON.stringify(left));
    expect(await runningInputs({})).toBeUndefined();
  } finally {
    if (before === undefined) delete process.env['XDG_STATE_HOME'];
    else process.env['XDG_STATE_HOME'] = before;
    await rm(state, { recursive: true });
  }
});

test('what a user names is asked, and the rest is said', () => {
  expect(notAsked({}).join()).toMatch(/registry.*address.*mesh.*room.*Prometheus/);
  expect(notAsked({ registry: 'registry.example.com', 'prometheus-url': 'https://p' }).join()).not.toMatch(
    /registry|Prometheus/,
  );
});
