import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadStage } from '@fairway/cli/stages';
import type { ScanReport } from '@fairway/clients/scanner/index';
import { readRecord, runStage } from '@fairway/stage';
import { evidencePath } from '@fairway/stage/evidence';
import { silentRuntime } from '@fairway/stage/testing/silent-runtime';
import { parse } from 'yaml';
import { fairway } from '../e2e/fairway-command.ts';
import { platform } from '../e2e/platform.ts';
import { machineAuthorities } from '../machine-authorities.ts';
import { advisory, madeDatabase } from '../real/made-database.ts';
import { copyFaultyService } from './faulty-service.ts';

jest.setTimeout(20 * 60_000);

let root: string;
let folder: string;
let database: string;
let certificates: string;

/** An engine that starts with one version of a Python package, which has a vulnerability, and with no other. */
const starts = `#!/bin/sh
/app/.venv/bin/python -c 'import idna; assert idna.__version__ == "3.4", "idna " + idna.__version__ + " has another interface"' || exit 1
exec engine "$@"
`;
const dockerfile = `ARG BASE
FROM \${BASE}
RUN apt-get update && apt-get install --yes --no-install-recommends python3-venv && rm -rf /var/lib/apt/lists/*
RUN --mount=type=secret,id=ca-certificates,target=/dev/shm/ca \\
    if [ -s /dev/shm/ca ]; then export PIP_CERT=/dev/shm/ca; fi \\
 && python3 -m venv /app/.venv && /app/.venv/bin/pip install --quiet idna==3.4
COPY llama-server /usr/local/bin/engine
COPY start /usr/local/bin/llama-server
COPY model/ /models/
USER 65532:65532
`;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-undone-'));
  const python = { idna: { 'CVE-2024-3651': advisory('GHSA-jjg7-2v4v-x38h', '<3.7', '3.7') } };
  database = await madeDatabase(root, { python });
  certificates = join(root, 'authorities.pem');
  await writeFile(certificates, await machineAuthorities());
  folder = await copyFaultyService('hello-undone', 'hello-undone.test', text =>
    text.replace('failOn: high', 'failOn: medium'),
  );
  await writeFile(join(folder, 'Dockerfile'), dockerfile);
  await writeFile(join(folder, 'start'), starts);
  await chmod(join(folder, 'start'), 0o755);
  await writeFile(join(folder, '.dockerignore'), `${await readFile(join(folder, '.dockerignore'), 'utf8')}!start\n`);
});

afterAll(async () => {
  for (const path of [root, folder]) await rm(path, { recursive: true });
});

test('an upgrade with which the service no longer serves is undone, and what is left can be accepted for a time', async () => {
  const given = ['--database', database, '--certificates', certificates];
  const { stages, stderr } = await fairway(['deliver', folder, '--json', '--to', 'scan', ...given]);
  expect(stages.map(({ stage, verdict }) => `${stage} ${verdict}`)).toEqual([
    ...['prepare pass', 'build pass', 'scan fail'],
  ]);
  expect(stderr).toContain('in idna');
  const inputs = {
    ...{ 'docker-host': platform.docker.host, network: platform.docker.network, scanner: platform.scanner.trivy },
    ...{ database, certificates },
  };
  const { entry, fault, summary } = await runStage(await loadStage.remediate(), inputs, silentRuntime(folder));
  expect(fault).toBeUndefined();
  expect(entry.verdict).toBe('fail');
  expect(entry.reason).toMatch(
    /^1 finding is left: idna cannot be fixed now, the service no longer served with the newer packages of Python and Node \(The patched image no longer serves: .*has another interface/s,
  );

  const evidence = async <Content>(file: string): Promise<Content> => {
    const piece = (await readRecord(folder))?.stages.remediate?.evidence.find(({ path }) => path.endsWith(file));
    return JSON.parse(await readFile(evidencePath(folder, piece!), 'utf8')) as Content;
  };
  // the image is the one that was given, and its finding is still there
  const plan = await evidence<{ readonly image: string; readonly patched: string }>('fix-plan.json');
  expect(plan.patched).toBe(plan.image);
  const { findings } = await evidence<ScanReport>('findings-after.json');
  expect(findings).toMatchObject([{ id: 'CVE-2024-3651', package: 'idna', installed: '3.4', fixed: '3.7' }]);

  const [, lines = ''] = /```yaml\n([^]*?)```/.exec(summary ?? '') ?? [];
  expect(parse(lines)).toMatchObject({ scan: { exceptions: [{ id: 'CVE-2024-3651', package: 'idna' }] } });
});
