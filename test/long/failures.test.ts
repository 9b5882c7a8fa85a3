import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { allInputs } from '@fairway/cli/arguments';
import { secretVariable } from '@fairway/cli/secret-options';
import { platformInputs } from '@fairway/cli/local-inputs';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { runLoad } from '@fairway/load';
import { servicePlan } from '@fairway/load/service-plan';
import { loadService } from '@fairway/service';
import { ClusterSeries } from '@fairway/indicators';
import { serviceTraffic } from '@fairway/targets/gateway/envoy/service-traffic';
import { removeService } from '../remove-service.ts';
import { askGateway } from '../e2e/ask.ts';
import type { GatewayAnswer } from '../e2e/ask.ts';
import { anotherVersion, editService } from '../e2e/example-copy.ts';
import { fairway } from '../e2e/fairway-command.ts';
import { accessToken, platform } from '../e2e/platform.ts';
import { scale } from '../e2e/scale.ts';
import { copyFaultyService } from './faulty-service.ts';
import { pauseProgram } from './pause-program.ts';

jest.setTimeout(20 * 60_000);

// What users see while a part of the platform is away (docs/failures.md). Redis and PostgreSQL are in the tests of test/e2e.

const name = 'hello-failures';
const hostname = 'hello-failures.test';
let folder: string;
let token: string;

beforeAll(async () => {
  // what is measured here is not how fast the machine is
  folder = await copyFaultyService(name, hostname, text =>
    text
      .replace('percentile: 95, milliseconds: 2000', 'percentile: 95, milliseconds: 5000')
      .replace('percentile: 95, milliseconds: 250', 'percentile: 95, milliseconds: 2000')
      .replace(/^access:$/m, 'cache: {}\n\naccess:\n  tokensPerMinute: 10000000'),
  );
  const { code, stderr } = await fairway(['deliver', folder, '--to', 'monitor']);
  if (code !== 0) throw new Error(stderr.slice(-3000));
  token = await accessToken('user', 'llm:chat');
});

afterAll(async () => {
  await removeService(platform, name);
  await rm(folder, { recursive: true });
});

function ask(more: object = {}, headers: Readonly<Record<string, string>> = {}): Promise<GatewayAnswer> {
  const messages = [{ role: 'user', content: 'Say hello.' }];
  return askGateway(hostname, '/v1/chat/completions', {
    token,
    headers,
    body: { model: 'hello-tiny', max_tokens: 4, messages, ...more },
  });
}

/** Asks until an answer has the status. */
async function askUntil(status: number, seconds = 60): Promise<GatewayAnswer> {
  let answer = await ask();
  for (const end = Date.now() + seconds * 1000; answer.status !== status && Date.now() < end; answer = await ask())
    await pause(250);
  expect(answer.status).toBe(status);
  return answer;
}

/** As for a cluster that is not the local platform: nobody looks whether all its parts are up first, and there is an end to it. */
async function deliverElsewhere(...argv: string[]) {
  const [inputs, specs] = await Promise.all([platformInputs(platform), allInputs()]);
  const given = Object.entries(inputs).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  const isSecret = ([name]: readonly [string, string]) => specs[name]?.type === 'secret';
  return fairway(
    [
      'deliver',
      folder,
      ...argv,
      ...given.filter(one => !isSecret(one)).flatMap(([name, value]) => [`--${name}`, value]),
    ],
    Object.fromEntries(given.filter(isSecret).map(([name, value]) => [secretVariable(name), value])),
  );
}

async function prometheusSays(query: string): Promise<number> {
  const url = `${platform.prometheus.url}/api/v1/query?query=${encodeURIComponent(query)}`;
  const { data } = (await (await fetch(url)).json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? Number.NaN);
}

test('without the firewall nothing passes, the answer says so, and it counts as unavailable', async () => {
  await askUntil(200);
  await scale('fairway-system', 'waf', 0);
  let unavailable = 0;
  try {
    const { text } = await askUntil(503);
    expect(JSON.parse(text)).toMatchObject({
      error: { code: 'service_unavailable', message: expect.stringContaining('firewall') },
    });
    const { bad, all } = serviceTraffic({ namespace: name, name }, ClusterSeries.labelled());
    for (const end = Date.now() + 60_000; !(unavailable > 0) && Date.now() < end; await pause(500)) {
      expect((await ask()).status).toBe(503);
      unavailable = await prometheusSays(`(${bad('30s')}) / ${all('30s')}`);
    }
  } finally {
    await scale('fairway-system', 'waf', 1);
  }
  expect(unavailable).toBeGreaterThan(0);
  await askUntil(200);
});

test('without the issuer tokens that are good go on, also after the keys should have been fetched anew', async () => {
  await askUntil(200);
  await pauseProgram('issuer-main.ts', async () => {
    // keys are fetched every 300 s
    for (const end = Date.now() + 330_000; Date.now() < end; await pause(5000)) expect((await ask()).status).toBe(200);
  });
});

test('without Prometheus a version is delivered, and nobody judges its release', async () => {
  // a first version has nobody to share with, and is released without a look
  expect(await fairway(['deliver', folder])).toMatchObject({ code: 0 });
  await editService(folder, anotherVersion);
  await pauseProgram('--storage.tsdb.path=', async () => {
    expect(await deliverElsewhere('--to', 'mesh')).toMatchObject({ code: 0 });
    expect((await ask()).status).toBe(200);
  });
  // what a release asks for before it asks Prometheus
  expect(await fairway(['deliver', folder, '--from', 'monitor', '--to', 'load-test'])).toMatchObject({ code: 0 });
  await pauseProgram('--storage.tsdb.path=', async () => {
    const { stages } = await deliverElsewhere('--from', 'release', '--to', 'release', '--json');
    const { stage, verdict, reason } = stages.at(-1)!;
    expect(`${stage} ${verdict}: ${reason}`).toMatch(
      /^release inconclusive: Nothing was released: nobody would see how the users fare: prometheus: /,
    );
    expect((await ask()).status).toBe(200);
  });
});

test('two replicas of the gateway count the tokens of a client together', async () => {
  const pods = await gatewayReplicas(2);
  try {
    const before = await requestsOf(pods);
    // the counter begins anew with each minute
    while (new Date().getUTCSeconds() > 20) await pause(250);
    let used = 0;
    const spend = async () => {
      const answer = await ask({}, { connection: 'close' });
      const { usage } = JSON.parse(answer.text) as { usage: { total_tokens: number } };
      const left = Number(answer.headers['x-ratelimit-remaining']) + used;
      used += usage.total_tokens;
      return left;
    };
    const first = await spend();
    for (let asked = 1; asked < 20; asked++) await spend();
    // an answer is counted when it has ended
    await pause(1000);
    expect(await spend()).toBe(first);
    const after = await requestsOf(pods);
    for (const [index, requests] of after.entries()) expect(requests).toBeGreaterThan(before[index] ?? 0);
  } finally {
    await gatewayReplicas(1);
  }
});

test('one of two replicas of the gateway is killed under load: what fails may be asked again, and soon nothing does', async () => {
  const pods = await gatewayReplicas(2);
  const service = await loadService(folder);
  const plan = servicePlan(service, 30, 1, { least: 1, most: 5 });
  let killed = 0;
  try {
    const load = runLoad({
      url: platform.gateway.url,
      plan: { ...plan, arrivals: { kind: 'closed', concurrency: 16, seconds: 30 } },
      headers: async () => ({ host: hostname, authorization: `Bearer ${await accessToken('user', 'llm:chat')}` }),
      expectedDuration: 100,
      threads: 1,
      signal: new AbortController().signal,
      progress: ({ phase, seconds }) => {
        if (killed || phase !== 'measured' || seconds < 8) return;
        killed = Date.now();
        killProcess(pods[0]!);
      },
    });
    const { samples, from, startedAt } = await load;
    const at = from + (killed - Date.parse(startedAt));
    const failed = samples.filter(({ error }) => error);
    process.stderr.write(
      `${failed.length} of ${samples.length} requests failed: ${JSON.stringify(failed.map(({ sentAt, status, error, errorDetail }) => [Math.round(sentAt - at), status, error, errorDetail]))}\n`,
    );
    expect(killed).toBeGreaterThan(0);
    // what the killed replica was answering, and connections that it refused until nobody is sent to it any more
    for (const { sentAt, status } of failed) expect(status === undefined || sentAt <= at).toBe(true);
    expect(failed.filter(({ sentAt }) => sentAt > at + 5000)).toEqual([]);
    expect(failed.length).toBeLessThan(samples.length / 10);
  } finally {
    await gatewayReplicas(1);
  }
});

test('without the rate limit service requests pass or are denied, as the service asks, and the cache goes on', async () => {
  const counts = () => scale('envoy-gateway-system', 'envoy-ratelimit', 1);
  const counted = async () => {
    for (const end = Date.now() + 60_000; Date.now() < end; await pause(250))
      if ((await ask()).headers['x-ratelimit-remaining'] !== undefined) return;
    throw new Error('Nothing was counted within a minute.');
  };
  await counted();
  const same = { temperature: 0 };
  await ask(same);
  try {
    await scale('envoy-gateway-system', 'envoy-ratelimit', 0);
    const passed = await ask();
    expect(passed.status).toBe(200);
    expect(passed.headers).not.toHaveProperty('x-ratelimit-remaining');
    expect(await ask(same)).toMatchObject({ status: 200, headers: { 'x-fairway-cache': 'hit' } });
  } finally {
    await counts();
  }
  // the probes are counted too
  await counted();
  await editService(folder, text => text.replace(/^access:$/m, 'access:\n  limitsUnavailable: deny'));
  expect(await fairway(['deliver', folder, '--from', 'mesh', '--to', 'mesh'])).toMatchObject({ code: 0 });
  try {
    await scale('envoy-gateway-system', 'envoy-ratelimit', 0);
    for (const more of [{}, same]) {
      const denied = await ask(more);
      expect(denied.status).toBe(503);
      expect(JSON.parse(denied.text)).toMatchObject({ error: { code: 'service_unavailable' } });
    }
  } finally {
    await counts();
  }
  await askUntil(200);
});

interface Pod extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Gives the gateway so many replicas, and waits for them. @returns the names of their pods */
async function gatewayReplicas(replicas: number): Promise<readonly string[]> {
  const cluster = await connectCluster(platform.kubernetes);
  const [namespace, gateway = ''] = platform.gateway.reference.split('/');
  const proxy = {
    apiVersion: 'gateway.envoyproxy.io/v1alpha1',
    kind: 'EnvoyProxy',
    metadata: { namespace, name: gateway },
  };
  await cluster.request('PATCH', await cluster.path(proxy), {
    body: { spec: { provider: { kubernetes: { envoyDeployment: { replicas } } } } },
    contentType: 'application/merge-patch+json',
  });
  const labels = { 'gateway.envoyproxy.io/owning-gateway-name': gateway };
  for (const end = Date.now() + 120_000; Date.now() < end; await pause(500)) {
    const pods = await cluster.list<Pod>('v1', 'Pod', 'envoy-gateway-system', labels);
    const ready = pods.filter(({ status }) =>
      status?.conditions?.some(one => one.type === 'Ready' && one.status === 'True'),
    );
    if (pods.length === replicas && ready.length === replicas) return pods.map(pod => pod.metadata.name);
  }
  throw new Error(`The gateway did not get ${replicas} replicas.`);
}

/** Requests that each replica has answered. */
async function requestsOf(pods: readonly string[]): Promise<readonly number[]> {
  const cluster = await connectCluster(platform.kubernetes);
  return Promise.all(
    pods.map(async pod => {
      const path = `/api/v1/namespaces/envoy-gateway-system/pods/${pod}:19001/proxy/stats/prometheus`;
      const text = await cluster.text('GET', path);
      const counters = text.matchAll(
        /^envoy_http_downstream_rq_xx\{.*envoy_http_conn_manager_prefix="http-.*\} (\d+)$/gm,
      );
      return [...counters].reduce((sum, [, count]) => sum + Number(count), 0);
    }),
  );
}

/** Ends Envoy in the pod without a word, as a lost node does. */
function killProcess(pod: string): void {
  for (const pid of readdirSync('/proc').map(Number).filter(Boolean)) {
    try {
      const { 0: program = '' } = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      if (program.endsWith('envoy') && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`ENVOY_POD_NAME=${pod}`))
        process.kill(pid, 'SIGKILL');
    } catch {
      // it ended meanwhile
    }
  }
}
