import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { loadService } from '@fairway/service';
import { WeightTraffic } from '@fairway/targets/gateway/traffic';
import { releasedRevisions } from '@fairway/clients/kubernetes/released';
import { versions } from '@fairway/targets/workload/versions';
import { anotherVersion, copyExample, editService, giveHostname } from '../e2e/example-copy.ts';
import { fairway } from '../e2e/fairway-command.ts';
import { platform } from '../e2e/platform.ts';
import { removeService } from '../remove-service.ts';

jest.setTimeout(90 * 60_000);

const name = 'hello-broken-off';
const kills = 20;
let folder: string;
let cluster: Cluster;

beforeAll(async () => {
  folder = await copyExample(name);
  await giveHostname(folder, `${name}.test`);
  // few requests decide, so that most of a release is what is looked at here: moves of traffic, not load
  await editService(folder, text =>
    text
      .replace('availability: 99', 'availability: 90')
      .replace('goodput: 95', 'goodput: 85')
      .replaceAll('percentile: 95', 'percentile: 85'),
  );
  cluster = await connectCluster(platform.kubernetes);
  expectPass(await fairway(['deliver', folder, '--json']));
});

afterAll(async () => {
  await removeService(platform, name);
  await rm(folder, { recursive: true });
});

function expectPass(result: Awaited<ReturnType<typeof fairway>>) {
  if (result.code !== 0) throw new Error(`${JSON.stringify(result.stages.at(-1))}\n${result.stderr.slice(-3000)}`);
  return result;
}

const shares = async () => new WeightTraffic(cluster, await loadService(folder), new AbortController().signal).shares();
const lastReleased = async () => releasedRevisions(await versions(cluster, name, name))[0];

/** Another version of the same image, deployed and tested, which nobody has released. */
async function candidate(): Promise<string> {
  await editService(folder, anotherVersion);
  const result = expectPass(await fairway(['deliver', folder, '--json', '--from', 'deploy', '--to', 'load-test']));
  return result.stages.find(({ stage }) => stage === 'deploy')!.outputs['revision']!;
}

/** A release that is killed after a time, and how long it ran. */
async function release(killAfter = Infinity) {
  let began: number | undefined;
  const result = await fairway(['deliver', folder, '--json', '--from', 'release'], {}, (child, stderr) => {
    if (began !== undefined || !stderr.includes('release')) return;
    began = Date.now();
    if (killAfter < Infinity) void sleep(killAfter).then(() => child.kill('SIGKILL'));
  });
  return { ...result, milliseconds: Date.now() - began! };
}

it('goes on rightly after a release that was killed, wherever it was', async () => {
  await candidate();
  const whole = await release();
  expectPass(whole);
  const outcomes: string[] = [];
  let killed = 0;
  for (let index = 0; index < kills; index++) {
    const before = await lastReleased();
    const revision = await candidate();
    const at = ((index + 0.5) / kills) * whole.milliseconds;
    const broken = await release(at);
    if (broken.code === null) killed += 1;
    const left = await shares();
    const stable = await lastReleased();
    // only a version that was judged to its last step may be the one to go back to
    if (stable !== before) {
      expect(stable).toBe(revision);
      expect(left.get(revision)).toBe(100);
    }
    expectPass(await release());
    expect(await lastReleased()).toBe(revision);
    expect((await shares()).get(revision)).toBe(100);
    outcomes.push(`${(at / 1000).toFixed(1)} s: ${left.get(revision) ?? 0} %`);
  }
  process.stderr.write(`killed ${killed} of ${kills}; users of the candidate then: ${outcomes.join(', ')}\n`);
  expect(killed).toBeGreaterThanOrEqual(kills - 2);
});
