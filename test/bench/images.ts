/**
 * npm run bench -- images [--gib N]: what the stages of an image cost beside the raw tools, and on disk, with a copy of the example, to which N layers
 * of a GiB each can be added. Half of a layer nothing compresses, as about half of an image with CUDA and PyTorch. The last line is one JSON
 * object: `overhead_build`, the stage by `docker build` with `trivy image` for one changed line (medians of three, in turns); `overhead_scan` and
 * `overhead_push`, these stages by `trivy image` and by `docker push` to an empty registry; `patch_ratio`, the
 * patch layer with its way into the layout by a `docker build --no-cache` of the whole image (without `--gib`: with it the rebuild would measure how
 * fast layers are filled); `disk_ratio`, the most that the stages up to `push`
 * wrote at a time by the size of the image. That counts the layout, temporary files of the stages and of the scanner, and what the daemon writes
 * to hand an image out; not the daemon's own layers and build cache, and not the registry's. `memory_mib` is the most main memory of the stages
 * up to `push` with the programs that they start.
 */
import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { connectDocker, exportImage, importImage, removeImage } from '@fairway/clients/docker/index';
import { upgrades } from '@fairway/clients/scanner/index';
import type { FixAction } from '@fairway/clients/scanner/index';
import { openLayout } from '@fairway/image';
import { readState } from '@fairway/platform';
import type { PlatformState } from '@fairway/platform';
import { readRecord } from '@fairway/stage';
import { packageManager } from '../../actions/remediate/src/package-managers/index.ts';
import { patchImage } from '../../actions/remediate/src/patch.ts';
import { copyExample } from '../e2e/example-copy.ts';
import { expectPass, fairway } from '../e2e/fairway-command.ts';
import { withPlatform } from '../with-platform.ts';
import { descendants, memoryOf } from './process-memory.ts';
import { percentile } from './percentile.ts';
import { rawBuildSeconds, rawPushSeconds, rawRebuildSeconds, rawScanSeconds } from './raw-tools.ts';

export async function imagesBench(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: { gib: { type: 'string', default: '0' } } });
  const layers = Number(values.gib);
  if (!Number.isInteger(layers) || layers < 0) throw new Error(`--gib ${values.gib} must be a whole number.`);
  await withPlatform(async () => {
    const state = (await readState())!;
    const room = await mkdtemp(join(tmpdir(), 'fairway-images-'));
    const folder = join(room, 'service');
    const temporary = join(room, 'tmp');
    try {
      const example = await copyExample('hello-images');
      await cp(example, folder, { recursive: true });
      await rm(example, { recursive: true });
      await mkdir(temporary);
      if (layers > 0) await appendFile(join(folder, 'Dockerfile'), padding(layers));
      // the image is in the build cache, so that the disk's figure is of the stages and not of a compiler
      const environment = { TMPDIR: temporary };
      const deliver = async (last: string) =>
        expectPass(await fairway(['deliver', folder, '--to', last, '--json'], environment));
      const folders = [join(folder, '.fairway'), temporary, await handedOut(state)];
      const { disk, memory, result } = await mostUsed(folders, () => deliver('push'));
      const took = (name: string) => result.stages.findLast(({ stage }) => stage === name)?.seconds ?? NaN;
      const record = await readRecord(folder);
      const size = Number(record?.stages.build?.outputs['size']);
      const stages = {
        disk_ratio: round(disk / size),
        memory_mib: Math.round(memory / 2 ** 20),
        bytes: { disk, image: size },
        stage_seconds: Object.fromEntries(result.stages.map(({ stage }) => [stage, took(stage)])),
      };
      // raw tools take more of the disk than the stages, and may not end
      process.stdout.write(`${JSON.stringify(stages)}\n`);
      // the daemon has it for its smoke test alone
      const digest = record?.stages.optimize?.outputs['digest'] ?? '';
      const layout = await openLayout(join(folder, '.fairway/image'));
      const made = await importImage(await connectDocker(state.docker.host), layout, digest);
      const [scan, push] = [await rawScanSeconds(made, state), await rawPushSeconds(made, state)];
      const builds: number[] = [];
      const raw = await rawBuildSeconds(folder, state, async () => {
        await appendFile(join(folder, 'Dockerfile'), `LABEL fairway.dev/bench=${Date.now()}\n`);
        builds.push((await deliver('build')).stages.find(({ stage }) => stage === 'build')?.seconds ?? 0);
      });
      const patch = layers === 0 ? await patchRatio(state, folder) : {};
      const figures = {
        overhead_build: round(percentile(builds, 50) / raw),
        overhead_scan: round(took('scan') / scan),
        overhead_push: round(took('push') / push),
        ...patch,
        ...stages,
        seconds: { build: round(percentile(builds, 50)), raw: round(raw), rawScan: round(scan), rawPush: round(push) },
      };
      process.stdout.write(`${JSON.stringify(figures)}\n`);
    } finally {
      await rm(room, { recursive: true });
    }
  });
}

/** Where the daemon writes an image before it hands it out. */
async function handedOut(state: PlatformState): Promise<string> {
  const { docker } = await connectDocker(state.docker.host);
  const { DockerRootDir } = (await docker.info()) as { DockerRootDir: string };
  return join(DockerRootDir, 'tmp');
}

/** Lines of a Dockerfile. */
function padding(layers: number): string {
  const layer = (_: unknown, index: number) =>
    `RUN head -c 536870912 /dev/urandom > /padding-${index} && head -c 536870912 /dev/zero >> /padding-${index}\n`;
  return `USER 0\n${Array.from({ length: layers }, layer).join('')}USER 65532:65532\n`;
}

/** The most bytes that folders had at a time while `work` ran, over those that they had before, and that the processes which it started had in memory. */
async function mostUsed<Result>(
  folders: readonly string[],
  work: () => Promise<Result>,
): Promise<{ readonly disk: number; readonly memory: number; readonly result: Result }> {
  const used = async () => {
    // du says what it found also when files go while it looks
    const { stdout } = await promisify(execFile)('du', ['-csB1', ...folders]).catch(
      (error: { stdout: string }) => error,
    );
    return Number(/^(\d+)\ttotal$/m.exec(stdout)?.[1] ?? 0);
  };
  const before = await used();
  // what the platform runs is no part of the stages
  const platform = await descendants();
  let disk = before;
  let memory = 0;
  let busy = true;
  const watch = (async () => {
    while (busy) {
      disk = Math.max(disk, await used());
      memory = Math.max(memory, await memoryOf([...(await descendants())].filter(pid => !platform.has(pid))));
    }
  })();
  const result = await work().finally(async () => {
    busy = false;
    await watch;
  });
  return { disk: disk - before, memory, result };
}

async function patchRatio(state: PlatformState, folder: string): Promise<{ patch_ratio: number }> {
  const patch = await patchSeconds(state, folder);
  return { patch_ratio: round(patch / (await rawRebuildSeconds(folder, state))) };
}

/** Seconds of the layer that the fix loop put on the built image, made anew and stored. */
async function patchSeconds(state: PlatformState, folder: string): Promise<number> {
  const engine = await connectDocker(state.docker.host);
  const record = await readRecord(folder);
  const plan = record?.stages.remediate?.evidence.find(({ path }) => path.endsWith('fix-plan.json'));
  const { steps } = JSON.parse(await readFile(join(folder, '.fairway', plan?.path ?? ''), 'utf8')) as {
    steps: readonly { plan: readonly FixAction[] }[];
  };
  const wanted = upgrades(steps[0]?.plan ?? []);
  const [first] = wanted;
  if (!first) throw new Error('The fix loop upgraded nothing, so there is no patch layer to measure.');
  const image = record?.stages.build?.outputs['image'] ?? '';
  const tag = `${image}-bench`;
  const layout = await openLayout(join(folder, '.fairway/image'));
  const { signal } = new AbortController();
  const started = performance.now();
  await patchImage(engine, {
    image,
    tag,
    manager: packageManager(first),
    wanted,
    network: state.docker.network as 'default' | 'host',
    signal,
    progress() {},
  });
  await exportImage(engine, layout, { image: tag, name: 'bench', signal });
  const seconds = (performance.now() - started) / 1000;
  await removeImage(engine, tag);
  return seconds;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
