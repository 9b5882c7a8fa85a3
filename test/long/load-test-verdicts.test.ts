import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runLoadedStage } from '../run-loaded-stage.ts';
import { serviceFolder } from '../service-folder.ts';

jest.setTimeout(15 * 60_000);

const engines: ChildProcess[] = [];
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-verdicts-'));
});

afterAll(async () => {
  for (const engine of engines) engine.kill();
  await rm(root, { recursive: true });
});

async function startEngine(first: number): Promise<string> {
  const engine = spawn(process.execPath, [join(import.meta.dirname, 'paced-engine.ts')], {
    env: { ...process.env, FIRST_MS: String(first) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  engines.push(engine);
  const [url] = (await once(createInterface(engine.stdout), 'line')) as [string];
  return url;
}

function service(name: string): Promise<string> {
  return serviceFolder(
    root,
    name,
    `model: { name: assistant, reference: 'hf://team/assistant@${'0'.repeat(40)}' }
objectives:
  availability: 95
  timeToFirstToken: { percentile: 90, milliseconds: 200 }
  interTokenLatency: { percentile: 90, milliseconds: 100 }
  goodput: 90
access: { requestsPerMinute: 3000 }
load: { requestsPerSecond: 25, outputTokens: 8, maxSeconds: 60 }
`,
  );
}

test('a service that is slowed fails and the same without it passes, ten times of ten', async () => {
  const [quick, slow] = await Promise.all([startEngine(40), startEngine(320)]);
  const verdicts: string[] = [];
  for (let round = 0; round < 10; round++)
    for (const url of [quick, slow]) {
      // without a record of the run before, which would stand for this one
      const folder = await service(`service-${verdicts.length}`);
      const { verdict } = await runLoadedStage('load-test', folder, { url, token: 'none' });
      verdicts.push(verdict);
    }
  expect(verdicts).toEqual(Array.from({ length: 10 }, () => ['pass', 'fail']).flat());
});

test('a generator that gets no processor says so, and nothing of the service', async () => {
  const url = await startEngine(40);
  const folder = await service('starved');
  // what the loop of the generator runs is stopped for most of the time
  const stopping = setInterval(() => {
    for (const end = Date.now() + 120; Date.now() < end;);
  }, 150);
  try {
    const { verdict, reason } = await runLoadedStage('load-test', folder, { url, token: 'none' });
    expect(verdict).toBe('inconclusive');
    expect(reason).toMatch(/the load generator was the bottleneck .* the figures say nothing about the service/);
  } finally {
    clearInterval(stopping);
  }
});
