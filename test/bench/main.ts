/**
 * npm run bench: figures of the whole and of each stage, as ratios beside the raw tool in the same run. The last line is
 * one JSON object. `-- --cold` also measures `npm start` with every cache of the project and of Go empty (about half an hour);
 * the platform must be down for that. `npm run bench -- gates` measures the verdicts instead, and `npm run bench -- gpu` engines on
 * an NVIDIA GPU: no platform is needed for either.
 */
import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readState } from '@fairway/platform';
import { copyExample, giveHostname } from '../e2e/example-copy.ts';
import { type CommandResult, fairway } from '../e2e/fairway-command.ts';
import { removeService } from '../remove-service.ts';
import { withPlatform } from '../with-platform.ts';
import { actionStartMilliseconds } from './action-start.ts';
import { bundleBytes } from './bundle-bytes.ts';
import { gpuBench } from './gpu/main.ts';
import { imagesBench } from './images.ts';
import { latencyBench } from './latency/main.ts';
import { loadBench } from './load/main.ts';
import { memoryBench } from './memory.ts';
import { percentile } from './percentile.ts';
import { rawToolSeconds } from './raw-tools.ts';

const root = join(import.meta.dirname, '../..');
const name = 'hello-bench';

async function main(argv: readonly string[]): Promise<void> {
  if (argv[0] === 'load') return loadBench(argv.slice(1));
  if (argv[0] === 'gpu') return gpuBench(argv.slice(1));
  if (argv[0] === 'images') return imagesBench(argv.slice(1));
  if (argv[0] === 'latency') return latencyBench(argv.slice(1));
  if (argv[0] === 'memory') return memoryBench();
  const cold = argv.includes('--cold') ? await coldStart() : {};
  let figures: Record<string, unknown> = {};
  await withPlatform(async () => {
    figures = await deliveryFigures();
  });
  const result = {
    ...cold,
    ...figures,
    action_start_ms: Math.round(await actionStartMilliseconds(join(root, 'actions/dist'))),
    bundle_bytes: await bundleBytes(join(root, 'actions/dist')),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/** One service delivered new, with one line changed, and unchanged; beside it the raw tools on the same image. */
async function deliveryFigures() {
  const state = await readState();
  if (!state) throw new Error('The platform is up without a state.');
  const folder = await copyExample(name);
  // a host of its own, so that the service that npm start delivered may keep all others
  await giveHostname(folder, `${name}.localhost`);
  try {
    const first = await timed(folder);
    await appendFile(join(folder, 'Dockerfile'), `LABEL fairway.dev/bench=${Date.now()}\n`);
    const changed = await timed(folder);
    const unchanged = await timed(folder);
    // one build varies by half with what the disk just did, so the two take turns
    const builds: number[] = [];
    const raw = await rawToolSeconds(folder, state, async () => {
      await appendFile(join(folder, 'Dockerfile'), `LABEL fairway.dev/bench=${Date.now()}\n`);
      builds.push((await timed(folder, 'build')).stages['build'] ?? 0);
    });
    const overhead = Object.fromEntries(
      Object.entries(raw).map(([stage, seconds]) => {
        const ours =
          stage === 'build' ? percentile(builds, 50) : (changed.stages[stage] ?? 0) / (changed.runs[stage] ?? 1);
        return [stage, round(ours / seconds)];
      }),
    );
    return {
      delivery_s: seconds(first),
      warm_s: seconds(changed),
      unchanged_s: unchanged.total,
      unchanged_ratio: round(unchanged.total / first.total),
      overhead,
    };
  } finally {
    await removeService(state, name);
    await rm(folder, { recursive: true });
  }
}

interface Timed {
  readonly total: number;
  /** Seconds by stage; a stage that ran again has all its runs in one figure. */
  readonly stages: Readonly<Record<string, number>>;
  readonly runs: Readonly<Record<string, number>>;
}

function seconds({ total, stages }: Timed) {
  return { total, stages };
}

async function timed(folder: string, last = 'release'): Promise<Timed> {
  const started = performance.now();
  const result = await fairway(['deliver', folder, '--to', last, '--json']);
  refuseFailure(result);
  const stages: Record<string, number> = {};
  const runs: Record<string, number> = {};
  for (const { stage, seconds } of result.stages) {
    stages[stage] = round((stages[stage] ?? 0) + seconds);
    runs[stage] = (runs[stage] ?? 0) + 1;
  }
  return { total: round((performance.now() - started) / 1000), stages, runs };
}

/** `npm start` as on a new machine: caches, state and Go's caches in an empty folder. */
async function coldStart() {
  const home = await mkdtemp(join(tmpdir(), 'fairway-cold-'));
  const environment = {
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_STATE_HOME: join(home, 'state'),
    GOMODCACHE: join(home, 'go'),
    GOCACHE: join(home, 'go-build'),
    GOFLAGS: '-modcacherw',
  };
  try {
    const started = performance.now();
    const result = await fairway(['start'], environment);
    const seconds = round((performance.now() - started) / 1000);
    refuseFailure(result);
    return { cold_s: seconds };
  } finally {
    await fairway(['stop'], environment);
    await promisify(execFile)('rm', ['-rf', home]);
  }
}

function refuseFailure(result: CommandResult): void {
  if (result.code !== 0) throw new Error(`fairway ended with ${result.code}:\n${result.stderr.slice(-4000)}`);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

const [topic, ...rest] = process.argv.slice(2);
if (topic === 'gates') (await import('./gates/gates.ts')).gates();
else await main(topic === undefined ? [] : [topic, ...rest]);
process.exit(0);
