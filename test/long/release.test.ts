import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import { openInference } from '@fairway/clients/inference/index';
import { isTaken, takeLease } from '@fairway/clients/kubernetes/lease';
import { releaseLeaseName, revisionLabel } from '@fairway/clients/kubernetes/names';
import { prometheus } from '@fairway/clients/prometheus/index';
import { answered, percentile } from '@fairway/indicators';
import { runLoad } from '@fairway/load';
import { servicePlan } from '@fairway/load/service-plan';
import { loadService } from '@fairway/service';
import { WeightTraffic } from '@fairway/targets/gateway/traffic';
import { versions } from '@fairway/targets/workload/versions';
import { removeService } from '../remove-service.ts';
import { anotherVersion, editService } from '../e2e/example-copy.ts';
import { expectPass, fairway } from '../e2e/fairway-command.ts';
import { accessToken, platform } from '../e2e/platform.ts';
import { copyFaultyService } from './faulty-service.ts';

jest.setTimeout(20 * 60_000);

const name = 'hello-release';
const hostname = 'hello-release.test';
const revisionHeader = 'x-fairway-revision';
const endpoint = openInference(platform.gateway.url);
const signal = new AbortController().signal;
let folder: string;

beforeAll(async () => {
  folder = await copyFaultyService(name, hostname, text =>
    text.replace('availability: 99', 'availability: 99.5').replace('requestsPerSecond: 20', 'requestsPerSecond: 40'),
  );
  expectPass(await fairway(['deliver', folder, '--json']));
});

afterAll(async () => {
  endpoint.close();
  await removeService(platform, name);
  await rm(folder, { recursive: true });
});

/** Weights of the versions on the route: revision → percent. */
async function shares(): Promise<ReadonlyMap<string, number>> {
  const cluster = await connectCluster(platform.kubernetes);
  return new WeightTraffic(cluster, await loadService(folder), signal).shares();
}

async function ask(prompt: string, revision?: string, timeout = 30_000) {
  const token = await accessToken('user', 'llm:chat');
  return endpoint.streamChat(
    { model: 'hello-tiny', prompt, maxTokens: 4 },
    {
      headers: {
        host: hostname,
        authorization: `Bearer ${token}`,
        ...(revision ? { [revisionHeader]: revision } : {}),
      },
      timeout,
    },
  );
}

/** @param fault as the engine reads it; none when empty */
async function setFault(revision: string, fault: string): Promise<void> {
  const answer = await ask(`fault: ${fault}`, revision);
  expect(answer.error).toBeUndefined();
}

/** Deploys another version of the same image up to its load test. */
async function candidate(): Promise<string> {
  await editService(folder, anotherVersion);
  const result = expectPass(await fairway(['deliver', folder, '--json', '--from', 'deploy', '--to', 'load-test']));
  return result.stages.find(({ stage }) => stage === 'deploy')!.outputs['revision']!;
}

const release = () => fairway(['deliver', folder, '--json', '--from', 'release']);

/** Users who ask ten times a second while `body` runs, and how many answers each version gave them. */
async function withUsers<T>(body: () => Promise<T>) {
  const answers = new Map<string, number>();
  const errors = new Map<string, number>();
  const running: Promise<void>[] = [];
  const timer = setInterval(() => {
    running.push(
      ask('hello').then(({ headers, error }) => {
        const by = String(headers[revisionHeader]);
        answers.set(by, (answers.get(by) ?? 0) + 1);
        if (error) errors.set(by, (errors.get(by) ?? 0) + 1);
      }),
    );
  }, 100);
  try {
    return { result: await body(), answers, errors };
  } finally {
    clearInterval(timer);
    await Promise.all(running);
  }
}

let first: string;
let second: string;

it('agrees with Prometheus on the same requests: how many, how many bad, and the bucket of their p95', async () => {
  [first = ''] = (await shares()).keys();
  await setFault(first, 'errors=0.1');
  const server = prometheus(platform.prometheus.url, signal);
  // the rule for requests that name a version has a cluster of its own
  const cluster = `envoy_cluster_name="httproute/${name}/${name}-chat/rule/0/backend/0"`;
  const value = async (query: string) => (await server.query(query))[0]?.value ?? 0;
  const read = async () => {
    // two scrapes later everything is in
    await new Promise(resolve => setTimeout(resolve, 11_000));
    const buckets = await server.query(`envoy_cluster_upstream_rq_time_bucket{${cluster}}`);
    return {
      all: await value(`sum(envoy_cluster_upstream_rq_xx{${cluster}})`),
      bad: await value(`sum(envoy_cluster_upstream_rq_xx{${cluster},envoy_response_code_class="5"})`),
      buckets: new Map(buckets.map(one => [Number(one.metric['le']?.replace('+Inf', 'Infinity')), one.value])),
    };
  };
  const before = await read();
  const token = await accessToken('user', 'llm:chat');
  const result = await runLoad({
    url: platform.gateway.url,
    plan: servicePlan(await loadService(folder), 20, 1, { least: 0, most: 0 }),
    headers: async () => ({ host: hostname, authorization: `Bearer ${token}`, [revisionHeader]: first }),
    expectedDuration: 100,
    signal,
    progress: () => {},
  });
  const after = await read();
  await setFault(first, '');
  const warmedUp = result.warmUp.requests;
  expect(after.all - before.all).toBe(result.samples.length + warmedUp);
  const bad = result.samples.filter(sample => answered(sample) === 'bad').length;
  expect(Math.abs(after.bad - before.bad - bad)).toBeLessThanOrEqual(warmedUp);
  expect(bad).toBeGreaterThan(20);

  const edges = [...after.buckets.keys()].sort((a, b) => a - b);
  const grown = (edge: number) => after.buckets.get(edge)! - (before.buckets.get(edge) ?? 0);
  const theirs = edges.findIndex(edge => grown(edge) >= 0.95 * grown(Infinity));
  const durations = result.samples.map(sample => sample.endedAt - sample.sentAt).sort((a, b) => a - b);
  const ours = edges.findIndex(edge => percentile(durations, 95)! <= edge);
  expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(1);
});

it('stops a version that fails in 2 % of its answers, after no more than its share of the users', async () => {
  second = await candidate();
  await setFault(second, 'errors=0.02');
  const { result, answers } = await withUsers(release);
  expect(result.stages.at(-1)).toMatchObject({ stage: 'release', verdict: 'fail' });
  expect(result.stages.at(-1)?.reason).toMatch(
    /At 25 % of the traffic availability is missed: .* has all traffic again/,
  );
  expect(await shares()).toEqual(
    new Map([
      [second, 0],
      [first, 100],
    ]),
  );
  const all = [...answers.values()].reduce((sum, count) => sum + count, 0);
  expect(answers.get(second)! / all).toBeLessThan(0.4);
});

it('stops a version that is three times slower', async () => {
  await setFault(second, 'first=6000');
  const result = await release();
  expect(result.stages.at(-1)).toMatchObject({ verdict: 'fail' });
  expect(result.stages.at(-1)?.reason).toMatch(/time-to-first-token is missed: .* took longer than 2000 ms/);
});

it('promotes a good version beside a stable one that fails, and judges it by its users too', async () => {
  await setFault(second, '');
  await setFault(first, 'errors=0.5');
  const { result, errors } = await withUsers(release);
  expectPass(result);
  expect(result.stages.at(-1)?.reason).toContain(`${first} stays for`);
  expect(errors.get(first)).toBeGreaterThan(0);
  const steps = await promisify(execFile)('cat', [join(folder, '.fairway/evidence/release/steps.json')]);
  const users = (JSON.parse(steps.stdout) as { steps: { users: number }[] }).steps.map(step => step.users);
  expect(Math.max(...users)).toBeGreaterThan(0);
});

it('goes back to the version before, and forth again', async () => {
  await setFault(first, '');
  expect((await fairway(['rollback', folder, '--json'])).code).toBe(0);
  expect((await shares()).get(first)).toBe(100);
  const again = await fairway(['rollback', folder, '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject({ revision: second, from: [first] });
  expect((await shares()).get(second)).toBe(100);
});

it('rejects a rollback and a second release while a release holds the lease', async () => {
  const third = await candidate();
  let rolled: ReturnType<typeof fairway> | undefined;
  const result = await fairway(['deliver', folder, '--json', '--from', 'release'], {}, (_child, stderr) => {
    if (stderr.includes('25 %:')) rolled ??= fairway(['rollback', folder]);
  });
  expectPass(result);
  const rejected = await rolled!;
  expect(rejected.code).toBe(2);
  expect(rejected.stderr).toMatch(/is changing which version of hello-release users reach: .* since .* or cancel it/);
  expect((await shares()).get(third)).toBe(100);
  // the first one was kept until now; it answers nothing, and there is a newer one to go back to
  expect(result.stages.at(-1)?.reason).toContain(`${first} went`);
  const cluster = await connectCluster(platform.kubernetes);
  const there = async () =>
    (await versions(cluster, name, name)).map(({ metadata }) => metadata.labels?.[revisionLabel]);
  for (const end = Date.now() + 60_000; (await there()).includes(first) && Date.now() < end;) await pause(500);
  expect((await there()).toSorted()).toEqual([second, third].toSorted());
});

/** Runs a release, and `act` once its first step has users. */
async function whileReleasing(act: () => Promise<void>) {
  let acting: Promise<void> | undefined;
  const result = await fairway(['deliver', folder, '--json', '--from', 'release'], {}, (_child, stderr) => {
    if (stderr.includes('25 %:')) acting ??= act();
  });
  await acting;
  return result;
}

async function askRelease(request: 'pause' | 'resume' | 'promote' | 'abort') {
  const { code, stdout, stderr } = await fairway(['release', request, folder, '--json']);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as { state: string; weight: number; candidate: string };
}

const stepsOf = async () =>
  JSON.parse(await readFile(join(folder, '.fairway/evidence/release/steps.json'), 'utf8')) as {
    steps: {
      weight: number;
      verdict: string;
      paused?: { by: string; at: string; until: string };
      promoted?: { by: string };
      aborted?: { by: string };
    }[];
  };

it('holds its weights while it is paused, and is judged from the beginning of the step when it is resumed', async () => {
  const paused = await candidate();
  const { result, answers, errors } = await withUsers(() =>
    whileReleasing(async () => {
      expect(await askRelease('pause')).toMatchObject({ state: 'paused', weight: 25, candidate: paused });
      for (let look = 0; look < 9; look++) {
        await pause(10_000);
        expect((await shares()).get(paused)).toBe(25);
      }
      expect(await askRelease('resume')).toMatchObject({ state: 'judging' });
    }),
  );
  expectPass(result);
  const { steps } = await stepsOf();
  expect(steps[0]).toMatchObject({
    weight: 25,
    verdict: 'inconclusive',
    paused: { by: expect.stringContaining(' on ') },
  });
  const { at, until } = steps[0]!.paused!;
  expect(Date.parse(until) - Date.parse(at)).toBeGreaterThan(85_000);
  expect(steps[1]).toMatchObject({ weight: 25, verdict: 'pass' });
  expect((await shares()).get(paused)).toBe(100);
  expect(answers.get(paused)).toBeGreaterThan(0);
  expect(errors.size).toBe(0);
});

it('gives the users back while it is paused when its candidate fails', async () => {
  const before = [...(await shares())].find(([, share]) => share === 100)![0];
  const failing = await candidate();
  const result = await whileReleasing(async () => {
    await askRelease('pause');
    await setFault(failing, 'errors=0.5');
  });
  expect(result.stages.at(-1)).toMatchObject({ stage: 'release', verdict: 'fail' });
  expect(result.stages.at(-1)?.reason).toMatch(
    /At 25 % of the traffic availability is missed: .* has all traffic again/,
  );
  expect((await shares()).get(before)).toBe(100);
  const { steps } = await stepsOf();
  expect(steps.map(({ verdict, paused }) => [verdict, paused !== undefined])).toEqual([
    ['inconclusive', true],
    ['fail', false],
  ]);
});

it('gives a candidate that somebody promotes all users, which is no pass, also when it is delivered again', async () => {
  const promoted = await candidate();
  const result = await whileReleasing(async () => {
    expect(await askRelease('promote')).toMatchObject({ state: 'promoted', candidate: promoted });
  });
  expect(result.code).toBe(3);
  expect(result.stages.at(-1)).toMatchObject({ stage: 'release', verdict: 'inconclusive' });
  expect(result.stages.at(-1)?.reason).toMatch(
    new RegExp(`promoted ${promoted} at 25 % of the traffic, so no verdict says .* ${promoted} has all traffic`),
  );
  expect((await shares()).get(promoted)).toBe(100);
  const { steps } = await stepsOf();
  expect(steps).toMatchObject([
    { weight: 25, verdict: 'inconclusive', promoted: { by: expect.stringContaining(' on ') } },
  ]);
  const again = await release();
  expect(again.code).toBe(3);
  expect(again.stages.at(-1)?.reason).toContain(`promoted ${promoted} at 25 %`);
  const nothing = await fairway(['release', 'pause', folder]);
  expect(nothing.code).toBe(2);
  expect(nothing.stderr).toContain(`No release of ${name} moves users now.`);
});

it('gives the users back when somebody aborts it, although what is undecided would stay', async () => {
  const before = [...(await shares())].find(([, share]) => share === 100)![0];
  await editService(folder, text => text.replace(/^release:$/m, 'release:\n  undecided: stay'));
  const aborted = await candidate();
  const result = await whileReleasing(async () => {
    expect(await askRelease('abort')).toMatchObject({ state: 'aborted', candidate: aborted });
  });
  expect(result.code).toBe(3);
  expect(result.stages.at(-1)?.reason).toMatch(/ aborted the release.* has all traffic again/);
  expect((await shares()).get(before)).toBe(100);
  const { steps } = await stepsOf();
  expect(steps).toMatchObject([
    { weight: 25, verdict: 'inconclusive', aborted: { by: expect.stringContaining(' on ') } },
  ]);
  await editService(folder, text => text.replace('\n  undecided: stay', ''));
});

it('leaves the weights to whoever holds the lease', async () => {
  const cluster = await connectCluster(platform.kubernetes);
  const where = { namespace: name, name: releaseLeaseName(name) };
  const lease = await takeLease(cluster, where, 'another delivery on runner-7', signal);
  if (isTaken(lease)) throw new Error(`held by ${lease.holder}`);
  const before = await shares();
  await editService(folder, anotherVersion);
  const deliver = (from: string) => fairway(['deliver', folder, '--json', '--from', from, '--to', 'mesh']);
  const rejected = await deliver('deploy');
  expect(rejected.stages.at(-1)).toMatchObject({ stage: 'mesh', verdict: 'fail' });
  expect(rejected.stages.at(-1)?.reason).toMatch(
    /^Nothing was applied: another delivery on runner-7 is changing which version/,
  );
  expect(await shares()).toEqual(before);
  await lease.release();
  expectPass(await deliver('mesh'));
});

it('cuts no stream of the version that goes, even where it is not kept', async () => {
  await editService(folder, text => text.replace(/^release:$/m, 'release:\n  keep: 0'));
  const [before = ''] = [...(await shares())].filter(([, share]) => share === 100).map(([revision]) => revision);
  await candidate();
  const streams = Array.from({ length: 100 }, () => ask('stream: 60', before, 120_000));
  const result = await release();
  expectPass(result);
  const ended = await Promise.all(streams);
  expect(ended.filter(({ done, error }) => done && !error)).toHaveLength(100);
  expect(result.stages.at(-1)?.reason).toMatch(new RegExp(`\\b${before}\\b.* went`));
  expect((await shares()).has(before)).toBe(false);
});
