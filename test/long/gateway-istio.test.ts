import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { applyObjects } from '@fairway/clients/kubernetes/apply';
import { openInference } from '@fairway/clients/inference/index';
import { connectCluster } from '@fairway/clients/kubernetes/index';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import { loadService } from '@fairway/service';
import { WeightTraffic } from '@fairway/targets/gateway/traffic';
import { readState } from '@fairway/platform';
import type { PlatformState } from '@fairway/platform';
import { curvesOf, curvesWithoutFigures } from '../e2e/dashboard-curves.ts';
import { anotherVersion, editService } from '../e2e/example-copy.ts';
import { expectPass, fairway } from '../e2e/fairway-command.ts';
import { accessToken, platform } from '../e2e/platform.ts';
import { objectsIn } from '../objects-in-namespace.ts';
import { removeService } from '../remove-service.ts';
import { copyFaultyService } from './faulty-service.ts';
import { withUsers } from './with-users.ts';

jest.setTimeout(30 * 60_000);

const name = 'hello-istio';
const hostname = 'hello-istio.test';
const signal = new AbortController().signal;
let istio: NonNullable<PlatformState['istioGateway']>;
let folder: string;
let cluster: Cluster;
let endpoint: ReturnType<typeof openInference>;

const deliver = (...range: readonly string[]) =>
  fairway([
    ...['deliver', folder, '--json', ...range],
    ...['--gateway', istio.reference, '--gateway-url', istio.url, '--gateway-principal', istio.principal],
  ]);

beforeAll(async () => {
  expectPass(await fairway(['platform', 'up', '--with', 'istio-gateway']));
  istio = (await readState())!.istioGateway!;
  endpoint = openInference(istio.url);
  cluster = await connectCluster(platform.kubernetes);
  folder = await copyFaultyService(name, hostname);
  expectPass(await deliver());
});

afterAll(async () => {
  endpoint.close();
  await removeService(platform, name);
  await rm(folder, { recursive: true });
  if (!platform.istioGateway) await fairway(['platform', 'up', '--without', 'istio-gateway']);
});

const chat = JSON.stringify({ model: 'hello-tiny', max_tokens: 4, messages: [{ role: 'user', content: 'hello' }] });

async function call(path: string, headers: Record<string, string> = {}, body: string | undefined = chat) {
  const token = await accessToken('user', 'llm:chat');
  return endpoint.call(body === undefined ? 'GET' : 'POST', path, body, {
    headers: { host: hostname, authorization: `Bearer ${token}`, ...headers },
    signal,
  });
}

async function probesHold(): Promise<readonly { readonly name: string; readonly seen: string }[]> {
  const text = await readFile(join(folder, '.fairway/evidence/mesh/probes.json'), 'utf8');
  const { probes } = JSON.parse(text) as { probes: { name: string; holds: boolean; seen: string }[] };
  expect(probes.filter(({ holds }) => !holds)).toEqual([]);
  return probes;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 180_000; !(await holds()); await sleep(1000))
    if (Date.now() > end) throw new Error(`Still there: ${(await objectsIn(cluster, name)).join(', ')}`);
}

it('proves at Istio what it proves at Envoy Gateway', async () => {
  const names = (await probesHold()).map(probe => probe.name);
  expect(names).toEqual(
    expect.arrayContaining(['no token', 'a token without the chat scope', 'SQL injection in the model field']),
  );
});

it('has a dashboard of which every curve has figures', async () => {
  const asking = async () => expect((await call('/v1/chat/completions')).status).toBe(200);
  expect(await curvesWithoutFigures(await curvesOf(folder), asking)).toEqual([]);
});

it('lets nobody in to a route that no service answers for, whatever a client says of its place', async () => {
  const open = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'open', namespace: name, labels: { 'app.kubernetes.io/managed-by': 'fairway' } },
  };
  const [namespace = '', gateway = ''] = istio.reference.split('/');
  const [version] = (await new WeightTraffic(cluster, await loadService(folder), signal).shares()).keys();
  const backendRefs = [{ name: `${name}-${version}`, port: 8080 }];
  const rules = [{ matches: [{ path: { type: 'PathPrefix', value: '/open' } }], backendRefs }];
  const spec = { parentRefs: [{ namespace, name: gateway }], hostnames: [hostname], rules };
  await applyObjects(cluster, [{ ...open, spec }]);
  try {
    // a route that the gateway does not know yet is 403 too, so a second one shows that this one is known
    await sleep(5000);
    const place = `${name}.${name}-chat.serving`;
    const tries: readonly Record<string, string>[] = [{}, { 'x-fairway-place': place }, { 'x-user': 'somebody' }];
    for (const headers of tries) {
      const { status, body } = await call('/open', headers);
      expect({ status, code: (JSON.parse(body) as { error: { code: string } }).error.code }).toEqual({
        status: 403,
        code: 'insufficient_permissions',
      });
    }
  } finally {
    await cluster.remove(open);
  }
});

it("answers as clients of OpenAI's API expect it", async () => {
  const code = ({ status, body }: { status: number; body: string }) =>
    `${status} ${(JSON.parse(body) as { error: { code: string; request_id: string } }).error.code}`;
  expect(code(await call('/v1/chat/completions', { authorization: 'Bearer no.such.token' }))).toBe(
    '401 invalid_api_key',
  );
  expect(code(await call('/v1/models/other', {}, undefined))).toBe('404 model_not_found');
  // just above the limit of 1 MiB, and far above it
  for (const length of [1_100_000, 2_500_000]) {
    const long = JSON.stringify({ model: 'hello-tiny', messages: [{ role: 'user', content: 'x'.repeat(length) }] });
    expect(code(await call('/v1/chat/completions', {}, long))).toBe('413 request_too_large');
  }
  const own = await call('/v1/models/hello-tiny', {}, undefined);
  expect({ status: own.status, id: (JSON.parse(own.body) as { id: string }).id }).toEqual({
    status: 200,
    id: 'hello-tiny',
  });
  expect(own.headers['x-request-id']).toBeTruthy();
});

it('releases by what the users of each version see, and loses none', async () => {
  const traffic = new WeightTraffic(cluster, await loadService(folder), signal);
  const [before = ''] = (await traffic.shares()).keys();
  await editService(folder, anotherVersion);
  const { result, errors, answers } = await withUsers(endpoint, hostname, async () =>
    expectPass(await deliver('--from', 'deploy', '--to', 'release')),
  );
  const released = result.stages.find(({ stage }) => stage === 'release');
  process.stderr.write(`${released?.reason}\n${[...answers].map(([by, count]) => `${by}: ${count}`).join(', ')}\n`);
  expect(errors).toEqual([]);
  const { steps } = JSON.parse(await readFile(join(folder, '.fairway/evidence/release/steps.json'), 'utf8')) as {
    steps: { users: number }[];
  };
  expect(steps.map(({ users }) => users > 0)).toEqual(steps.map(() => true));
  const next = result.stages.find(({ stage }) => stage === 'deploy')!.outputs['revision']!;
  expect(answers.get(before)).toBeGreaterThan(0);
  expect(answers.get(next)).toBeGreaterThan(0);

  const { answers: split, errors: none } = await withUsers(endpoint, hostname, async () => {
    await traffic.set(
      new Map([
        [before, 75],
        [next, 25],
      ]),
    );
    await sleep(20_000);
  });
  expect(none).toEqual([]);
  const share = split.get(next)! / (split.get(next)! + split.get(before)!);
  process.stderr.write(`${Math.round(share * 100)} % of the users at weight 25\n`);
  // six standard deviations of 200 draws
  expect(Math.abs(share - 0.25)).toBeLessThan(0.18);
  await traffic.set(new Map([[next, 100]]));
});

it('reaches pods of the mesh by mutual TLS of its own', async () => {
  await editService(folder, text => `${text}\nmesh: { mtls: istio }\n`);
  expectPass(await deliver('--from', 'deploy', '--to', 'monitor'));
  const seen = new Map((await probesHold()).map(probe => [probe.name, probe.seen]));
  expect(seen.get('another identity of the mesh')).toBe('HTTP 403');
});

it('answers from the cache, and counts tokens over all replicas of the gateway', async () => {
  await editService(folder, text => `${text.replace(/^access:$/m, 'access:\n  tokensPerMinute: 2000')}\ncache: {}\n`);
  expectPass(await deliver('--from', 'deploy', '--to', 'mesh'));
  const names = (await probesHold()).map(probe => probe.name);
  expect(names).toEqual(
    expect.arrayContaining(['the tokens of an answer are counted', 'the second of two equal deterministic requests']),
  );
  // each answer takes ten tokens; the minute may end in between
  for (let asked = 0; asked < 500; asked += 1) {
    const { status, headers, body } = await call('/v1/chat/completions');
    if (status === 200) continue;
    const { error } = JSON.parse(body) as { error: { code: string; message: string } };
    expect({ status, code: error.code, left: headers['x-ratelimit-remaining'] }).toEqual({
      status: 429,
      code: 'rate_limit_exceeded',
      left: '0',
    });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(error.message).toContain('2000');
    return;
  }
  throw new Error('500 answers of ten tokens each did not use up 2000 tokens a minute.');
});

it('leaves nothing of the service when it is removed, and the gateway as it was', async () => {
  const [namespace = ''] = istio.reference.split('/');
  const beside = await objectsIn(cluster, namespace);
  const policies = ['AuthorizationPolicy', 'EnvoyFilter'].map(kind => `${kind} ${name}.${name}`);
  expect(beside).toEqual(expect.arrayContaining(policies));
  expect(await objectsIn(cluster, name)).toEqual(
    expect.arrayContaining([`HTTPRoute ${name}-chat`, expect.stringMatching(/^PeerAuthentication /)]),
  );
  const planned = await fairway(['remove', folder, '--dry-run', '--json']);
  const removed = await fairway(['remove', folder, '--yes', '--json']);
  expect(removed).toMatchObject({ code: 0, stdout: planned.stdout });
  expect(JSON.parse(removed.stdout)).toMatchObject({
    removed: expect.arrayContaining([`EnvoyFilter ${namespace}/${name}.${name}`]),
  });
  // pods end the streams that they have, and take their sets with them
  await until(async () => (await objectsIn(cluster, name)).length === 0);
  const pods = /^(Pod|EndpointSlice|ReplicaSet|Event|Lease|PodMetrics) /;
  const lasting = (objects: readonly string[]) => objects.filter(object => !pods.test(object));
  expect(lasting(await objectsIn(cluster, namespace))).toEqual(
    lasting(beside).filter(object => !policies.includes(object)),
  );
  // the gateway lets nobody in where no service says whom
  const { status, body } = await call('/v1/chat/completions');
  expect({ status, code: (JSON.parse(body) as { error: { code: string } }).error.code }).toEqual({
    status: 403,
    code: 'insufficient_permissions',
  });
});
