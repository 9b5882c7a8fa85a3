import { rm } from 'node:fs/promises';
import { openInference } from '@fairway/clients/inference/index';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import { serviceLabels } from '@fairway/clients/kubernetes/names';
import type { Pod } from '@fairway/clients/kubernetes/workload';
import { anotherVersion, editService } from '../e2e/example-copy.ts';
import { expectPass, fairway } from '../e2e/fairway-command.ts';
import { accessToken, platform } from '../e2e/platform.ts';
import { removeService } from '../remove-service.ts';
import { copyFaultyService } from './faulty-service.ts';

jest.setTimeout(20 * 60_000);

const name = 'hello-surge';
const hostname = 'hello-surge.test';
const replicas = 2;
const endpoint = openInference(platform.gateway.url);
let folder: string;

/** The engine ends at once when its pod does, as llama.cpp does: whatever it answers then is cut. */
beforeAll(async () => {
  folder = await copyFaultyService(name, hostname, text =>
    // few requests decide: what is looked at here are the streams of users
    text
      .replace('replicas: 1', `replicas: ${replicas}`)
      .replace(/^release:$/m, 'release:\n  surge: 1')
      .replace('availability: 99', 'availability: 90')
      .replace('goodput: 95', 'goodput: 85')
      .replaceAll('percentile: 95', 'percentile: 85'),
  );
  expectPass(await fairway(['deliver', folder, '--json']));
});

afterAll(async () => {
  endpoint.close();
  await removeService(platform, name);
  await rm(folder, { recursive: true });
});

/** Users who ask for a stream of twenty seconds twice a second while `body` runs, and how these ended. */
async function withStreams(body: () => Promise<unknown>) {
  const running: ReturnType<typeof ask>[] = [];
  const timer = setInterval(() => running.push(ask()), 500);
  try {
    await body();
  } finally {
    clearInterval(timer);
  }
  return Promise.all(running);
}

async function ask() {
  const token = await accessToken('user', 'llm:chat');
  const headers = { host: hostname, authorization: `Bearer ${token}` };
  return endpoint.streamChat({ model: 'hello-tiny', prompt: 'stream: 20', maxTokens: 4 }, { headers, timeout: 60_000 });
}

async function podsOfAllVersions(cluster: Cluster): Promise<number> {
  const pods = await cluster.list<Pod>('v1', 'Pod', name, serviceLabels(name));
  return pods.filter(({ status }) => status?.phase !== 'Succeeded').length;
}

/** Waits until the version that the release before replaced is gone: its last pod was within that release's surge. */
async function podsEnded(): Promise<void> {
  const cluster = await connectCluster(platform.kubernetes);
  while ((await podsOfAllVersions(cluster)) > replicas) await new Promise(resolve => setTimeout(resolve, 500));
}

/** The most pods of all versions at any moment while `body` runs. */
async function mostPods(body: () => Promise<unknown>): Promise<number> {
  const cluster = await connectCluster(platform.kubernetes);
  let [most, ended] = [0, false];
  const watching = (async () => {
    while (!ended) {
      most = Math.max(most, await podsOfAllVersions(cluster));
      await new Promise(resolve => setTimeout(resolve, 500));
    }
  })();
  try {
    await body();
  } finally {
    ended = true;
    await watching;
  }
  return most;
}

it.each([1, 0])('cuts no stream through the gateway when pods are replaced with a surge of %d', async surge => {
  await editService(folder, text => anotherVersion(text).replace(/surge: \d/, `surge: ${surge}`));
  let streams: Awaited<ReturnType<typeof ask>>[] = [];
  await podsEnded();
  const most = await mostPods(async () => {
    streams = await withStreams(async () =>
      expectPass(await fairway(['deliver', folder, '--json', '--from', 'deploy'])),
    );
  });
  const cut = streams.filter(({ done, error }) => !done || error);
  process.stderr.write(`surge ${surge}: ${streams.length} streams, ${cut.length} cut, at most ${most} pods\n`);
  expect(cut).toEqual([]);
  expect(streams.length).toBeGreaterThan(20);
  expect(most).toBe(replicas + surge);
});
