import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openInference } from '@fairway/clients/inference/index';
import { applyObjects, connectCluster } from '@fairway/clients/kubernetes/index';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabel, serviceLabels } from '@fairway/clients/kubernetes/names';
import type { Pod } from '@fairway/clients/kubernetes/workload';
import { releasedRevisions } from '@fairway/clients/kubernetes/released';
import { loadService } from '@fairway/service';
import { readRecord } from '@fairway/stage';
import { reachVersion } from '@fairway/targets/workload/reach';
import { versions } from '@fairway/targets/workload/versions';
import { anotherVersion, editService } from '../e2e/example-copy.ts';
import { expectPass, fairway } from '../e2e/fairway-command.ts';
import { platform } from '../e2e/platform.ts';
import { objectsIn } from '../objects-in-namespace.ts';
import { removeService } from '../remove-service.ts';
import { copyFaultyService } from './faulty-service.ts';

jest.setTimeout(20 * 60_000);

const name = 'hello-own-gateway';
const replicas = 3;
let folder: string;
let cluster: Cluster;

/** Behind the API server, which stands for a gateway of the team: it sends each request to a pod of the Service by chance. */
beforeAll(async () => {
  cluster = await connectCluster(platform.kubernetes);
  folder = await copyFaultyService(name, 'none', text =>
    text
      .replace(/ {2}hostname: none\n/, '')
      .replace('replicas: 1', `replicas: ${replicas}`)
      .replace(/^resources:$/m, "gateway:\n  own: the test's API server lets everybody in\n\nresources:")
      // few requests decide: what is looked at here are the users
      .replace('availability: 99', 'availability: 90')
      .replace('goodput: 95', 'goodput: 85')
      .replaceAll('percentile: 95', 'percentile: 85')
      .replace('milliseconds: 2000', 'milliseconds: 10000')
      // one beside all, then the version before gives a pod up
      .replace('- { weight: 25, seconds: 5 }', '- { weight: 25, seconds: 5 }\n    - { weight: 60, seconds: 5 }'),
  );
  const { stages } = expectPass(await fairway(['deliver', folder, '--json']));
  const reasons = new Map(stages.map(({ stage, verdict, reason }) => [stage, `${verdict}: ${reason}`]));
  expect(reasons.get('mesh')).toBe(
    "skipped: By policy (gateway.own) another gateway stands before the pods: the test's API server lets everybody in.",
  );
  expect(reasons.get('monitor')).toMatch(/^pass: .* not watched: availability/);
});

afterAll(async () => {
  await removeService(platform, name);
  await rm(folder, { recursive: true });
});

interface Slice {
  readonly metadata: { readonly name: string };
  readonly endpoints?: readonly {
    readonly conditions?: { readonly ready?: boolean };
    readonly targetRef?: { readonly name: string };
  }[];
}

/** Pods that users reach, by version. */
async function reached(): Promise<Record<string, number>> {
  const found = await cluster.list('discovery.k8s.io/v1', 'EndpointSlice', name, {
    'kubernetes.io/service-name': name,
  });
  const pods = (found as unknown as readonly Slice[])
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready)
    .map(({ targetRef }) => targetRef!.name.slice(name.length + 1).split('-')[0]!);
  return Object.fromEntries(Object.entries(Object.groupBy(pods, pod => pod)).map(([pod, of]) => [pod, of!.length]));
}

async function lastReleased(): Promise<string> {
  return releasedRevisions(await versions(cluster, name, name))[0]!;
}

/** A user's request; rejects when it is refused or cut. */
async function ask(prompt: string): Promise<void> {
  const path = `/api/v1/namespaces/${name}/services/${name}:http/proxy/v1/chat/completions`;
  const messages = [{ role: 'user', content: prompt }];
  const body = { model: 'hello-tiny', stream: true, max_tokens: 4, messages };
  const answer = await cluster.text('POST', path, { body, timeout: 60_000 });
  if (!answer.trimEnd().endsWith('data: [DONE]')) throw new Error(`cut: ${answer.slice(-200)}`);
}

/** Users who ask for a stream of twenty seconds twice a second while `body` runs, and what a look each third of a second saw. */
async function withUsers<T>(body: () => Promise<T>) {
  const running: Promise<string | undefined>[] = [];
  const looks = new Set<string>();
  let [most, fewest, ended] = [0, Infinity, false];
  // one that was kept from the release before ends before anything begins
  const last = await lastReleased();
  const kept = (await versions(cluster, name, name))
    .map(({ metadata }) => metadata.labels?.[revisionLabel])
    .filter(revision => revision !== last);
  const timer = setInterval(() => {
    running.push(
      ask('stream: 20').then(
        () => undefined,
        (error: Error) => error.message,
      ),
    );
  }, 500);
  const watching = (async () => {
    while (!ended) {
      const pods = await cluster.list<Pod>('v1', 'Pod', name, serviceLabels(name));
      const there = pods.filter(({ metadata }) => !kept.includes(metadata.labels?.[revisionLabel]));
      // one that has ended, in whichever way, holds nothing any more
      most = Math.max(
        most,
        there.filter(({ status }) => !['Succeeded', 'Failed'].includes(status?.phase ?? '')).length,
      );
      const now = await reached();
      looks.add(JSON.stringify(now));
      fewest = Math.min(
        fewest,
        Object.values(now).reduce((a, b) => a + b, 0),
      );
      await sleep(300);
    }
  })();
  try {
    return { result: await body(), looks, seen: () => ({ most, fewest }), streams: () => Promise.all(running) };
  } finally {
    clearInterval(timer);
    ended = true;
    await watching;
  }
}

async function nextVersion(surge: number): Promise<void> {
  await editService(folder, text =>
    anotherVersion(text).replace(/^release:(\n {2}surge: \d)?$/m, `release:\n  surge: ${surge}`),
  );
}

/** Deploys another version up to its load test, which users do not reach. */
async function candidate(): Promise<string> {
  await nextVersion(replicas);
  const before = await reached();
  const result = expectPass(await fairway(['deliver', folder, '--json', '--from', 'deploy', '--to', 'load-test']));
  expect(await reached()).toEqual(before);
  return result.stages.find(({ stage }) => stage === 'deploy')!.outputs['revision']!;
}

it.each([replicas, 1, 0])('moves users pod by pod with a surge of %d, and cuts no stream', async surge => {
  const old = await lastReleased();
  await nextVersion(surge);
  const { result, looks, seen, streams } = await withUsers(() =>
    fairway(['deliver', folder, '--json', '--from', 'deploy']),
  );
  expectPass(result);
  const now = await lastReleased();
  const answers = await streams();
  process.stderr.write(
    `surge ${surge}: ${answers.length} streams, ${JSON.stringify(seen())}, pods that users reached ${[...looks].join(' ')}\n`,
  );
  expect(answers.filter(Boolean)).toEqual([]);
  expect(answers.length).toBeGreaterThan(20);
  expect(now).not.toBe(old);
  expect(await reached()).toEqual({ [now]: replicas });
  expect(seen().most).toBeLessThanOrEqual(replicas + surge);
  expect(seen().fewest).toBeGreaterThanOrEqual(surge === 0 ? replicas - 1 : replicas);
  // the shares that the steps come to
  const pods = (candidate: number, stable: number) =>
    [...looks].some(look => JSON.parse(look)[now] === candidate && JSON.parse(look)[old] === stable);
  expect(pods(1, surge === 0 ? replicas - 1 : replicas)).toBe(true);
  if (surge === replicas) expect(pods(3, 2)).toBe(true);
});

it('goes back at a version that answers with errors, before half of the users reached it', async () => {
  const old = await lastReleased();
  const revision = await candidate();
  const service = await loadService(folder);
  const way = await reachVersion(cluster, service, revision);
  const endpoint = openInference(way.url);
  const request = { model: 'hello-tiny', prompt: 'fault: errors=1', maxTokens: 4 };
  expect((await endpoint.streamChat(request, { timeout: 10_000 })).error).toBeUndefined();
  endpoint.close();
  await way.close();
  const { result, looks } = await withUsers(() => fairway(['deliver', folder, '--json', '--from', 'release']));
  const verdict = result.stages.at(-1)!;
  expect(verdict).toMatchObject({ stage: 'release', verdict: 'fail' });
  expect(verdict.reason).toMatch(/^At 25 % of the traffic .*availability is missed.* has all traffic again\.$/);
  expect([...looks].some(look => JSON.parse(look)[revision] > 1)).toBe(false);
  expect(await reached()).toEqual({ [old]: replicas });
});

it('goes back by itself when whoever releases is killed after the version before gave a pod up', async () => {
  const old = await lastReleased();
  const revision = await candidate();
  let child: ChildProcess | undefined;
  const release = fairway(['deliver', folder, '--json', '--from', 'release'], {}, running => (child = running));
  while ((await reached())[old] !== replicas - 1) await sleep(200);
  expect((await reached())[revision]).toBe(replicas);
  child!.kill('SIGKILL');
  const killed = Date.now();
  await release;
  while (JSON.stringify(await reached()) !== JSON.stringify({ [old]: replicas })) {
    expect(Date.now() - killed).toBeLessThan(180_000);
    await sleep(500);
  }
  process.stderr.write(`users were back after ${((Date.now() - killed) / 1000).toFixed(1)} s\n`);
});

it('fairway rollback gives users back to the version before within seconds', async () => {
  const old = await lastReleased();
  await nextVersion(replicas);
  expectPass(await fairway(['deliver', folder, '--json', '--from', 'deploy']));
  const now = await lastReleased();
  expect(await reached()).toEqual({ [now]: replicas });
  const began = Date.now();
  const done = await fairway(['rollback', folder, '--json']);
  expect(JSON.parse(done.stdout)).toMatchObject({ revision: old, from: [now] });
  expect(JSON.parse(done.stdout).seconds).toBeLessThan(5);
  while (JSON.stringify(await reached()) !== JSON.stringify({ [old]: replicas }))
    expect(Date.now() - began).toBeLessThan(20_000);
});

it('fairway remove leaves the namespace with what others have in it, and lets a stream end', async () => {
  const others = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: name, name: 'of-others' } };
  await applyObjects(cluster, [{ ...others, data: { of: 'others' } }]);
  const stream = ask('stream: 10').then(
    () => 'whole',
    (error: Error) => error.message,
  );
  await sleep(2000);
  const { code, stdout } = await fairway(['remove', folder, '--yes', '--json']);
  expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({
    code: 0,
    removed: expect.arrayContaining([`Service ${name}/${name}`]),
  });
  expect(await stream).toBe('whole');
  const left = () => objectsIn(cluster, name);
  for (const end = Date.now() + 180_000; (await left()).length > 1 && Date.now() < end;) await sleep(1000);
  expect(await left()).toEqual(['ConfigMap of-others']);
  await expect(ask('stream: 1')).rejects.toThrow(/not found/);
  expect(await readRecord(folder)).toMatchObject({ removedAt: expect.any(String) });
});
