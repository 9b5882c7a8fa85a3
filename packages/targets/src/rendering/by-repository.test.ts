import { english } from '@fairway/service/reasons/delivery-reason';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { Cluster } from '@fairway/clients/kubernetes/cluster';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { parse } from 'yaml';
import { kubeConfigOf } from '../../../../test/fixtures/kube-config.ts';
import { githubDouble } from '../../../../test/github/double.ts';
import type { GithubDouble } from '../../../../test/github/double.ts';
import { applyByFolder } from './by-folder.ts';
import { tryRepository } from './by-repository.ts';
import type { ByRepository } from './by-repository.ts';

const repository = 'team/deployments';
let github: GithubDouble;
let server: Server;
let cluster: Cluster;
/** What the controller has applied, by the paths of the API. */
const live = new Map<string, KubernetesObject>();

beforeAll(async () => {
  const permissions = { contents: 'write', pull_requests: 'write' } as const;
  github = await githubDouble({ repository, tokens: { 'secret-token': { permissions } } });
  // read when the library is first loaded
  process.env['GITHUB_API_URL'] = github.url;
  server = createServer(({ url = '' }, response) => {
    const resources = { '/apis/apps/v1': 'Deployment', '/apis/gateway.networking.k8s.io/v1': 'HTTPRoute' }[url];
    const found = resources
      ? { resources: [{ name: `${resources.toLowerCase()}s`, kind: resources, namespaced: true }] }
      : live.get(url.split('?')[0] ?? '');
    response.statusCode = found ? 200 : 404;
    response.end(JSON.stringify(found ?? { kind: 'Status', code: 404 }));
  });
  const config = await kubeConfigOf(server, 'c');
  cluster = new Cluster(config, 'c');
});
afterAll(async () => {
  server.close();
  await github.close();
});

const image = (digit: string) => `registry.example.com/team/hello@sha256:${digit.repeat(64)}`;
const deployment = (revision: string): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'llm', name: `hello-${revision}`, labels: { 'fairway.dev/revision': revision } },
  spec: { template: { spec: { containers: [{ name: 'engine', image: image(revision.charAt(3)) }] } } },
});
const route = (shares: Readonly<Record<string, number>>): KubernetesObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { namespace: 'llm', name: 'hello-chat' },
  spec: {
    rules: [
      {
        name: 'serving',
        backendRefs: Object.entries(shares).map(([revision, weight]) => ({ name: `hello-${revision}`, weight })),
      },
    ],
  },
});

const said: string[] = [];
const { signal } = new AbortController();
const context = {
  folder: '/nowhere',
  environment: 'production',
  run: 'https://github.com/team/hello/actions/runs/7',
  signal,
  log: { progress: (message: string) => void said.push(message) },
};
const folder = (name: string) => `clusters/${name}/hello`;
const place = (name: string, as?: 'commit'): ByRepository => ({
  by: 'gitops',
  repository,
  folder: folder(name),
  maxSeconds: 1,
  ...(as ? { as } : {}),
});
const service = (apply: ByRepository) => ({ name: 'hello', namespace: 'llm', apply });
const token = 'secret-token';

/** What a controller does. */
function sync(name: string): void {
  live.clear();
  for (const [file, text] of github.files('main') ?? []) {
    if (!file.startsWith(folder(name)) || file.endsWith('kustomization.yaml')) continue;
    const object = parse(text) as KubernetesObject;
    const { namespace, name: own } = object.metadata;
    live.set(`/apis/${object.apiVersion}/namespaces/${namespace}/${object.kind.toLowerCase()}s/${own}`, object);
  }
}

test('a delivery waits for its pull request, which says what changes, and goes on when it is merged', async () => {
  const apply = place('production');
  const first = await applyByFolder(cluster, service(apply), 'deploy', [deployment('0001')], context, { token });
  const url = 'https://github.com/team/deployments/pull/1';
  expect(english(first!)).toBe(
    `After 1 s the cluster has not what ${url} holds: Deployment llm/hello-0001 is not there. The pull request ${url} waits: merge it and run the delivery again, which goes on from here.`,
  );
  expect(github.commits('main')).toHaveLength(1);
  expect(github.pulls[0]).toMatchObject({ title: 'Deliver hello to production', base: 'main' });

  github.merge(1);
  const merged = await applyByFolder(cluster, service(apply), 'deploy', [deployment('0001')], context, { token });
  expect(english(merged!)).toMatch(/main.* has the files: look at what the controller says/);
  sync('production');
  await expect(
    applyByFolder(cluster, service(apply), 'deploy', [deployment('0001')], context, { token }),
  ).resolves.toBeUndefined();
  expect(said.at(-1)).toBe('nothing is to be changed in clusters/production/hello of team/deployments');
  expect(github.pulls).toHaveLength(1);

  await applyByFolder(cluster, service(apply), 'mesh', [route({ '0001': 100 })], context, { token });
  github.merge(2);
  sync('production');
  const versions = ['0002', '0001'];
  await applyByFolder(cluster, service(apply), 'deploy', [deployment('0002')], context, { token, versions });
  expect(github.pulls[2]?.body.split('\n')).toEqual([
    'What `llm/hello` in `production` needs in the cluster. [The delivery](https://github.com/team/hello/actions/runs/7) goes on when the cluster has it.',
    '',
    '| version | image | before | after |',
    '| --- | --- | --- | --- |',
    `| \`0001\` | \`${image('1')}\` | 100 % of users | 100 % of users |`,
    `| \`0002\` | \`${image('2')}\` | not there | no users |`,
    '',
    expect.stringContaining('make changes in `fairway.yaml`'),
    '',
  ]);
  // of the version that a release left, nothing stays
  github.merge(3);
  sync('production');
  const released = ['0003', '0002'];
  await applyByFolder(cluster, service(apply), 'deploy', [deployment('0003')], context, { token, versions: released });
  expect(github.pulls[3]?.body).toContain('| 100 % of users | not there |');
  const offered = [...github.files(github.pulls[3]?.head ?? '')!.keys()];
  expect(offered.filter(file => file.includes('0001'))).toEqual([]);
  expect(offered).toContain('README.md');
});

test('a pull request that somebody closed is said to be', async () => {
  const apply = { ...place('closed'), maxSeconds: 3 };
  live.clear();
  const many = github.pulls.length;
  const waiting = applyByFolder(cluster, service(apply), 'deploy', [deployment('0001')], context, { token });
  for (let tries = 0; github.pulls.length === many && tries < 100; tries++)
    await new Promise(resolve => setTimeout(resolve, 20));
  github.pulls.at(-1)!.state = 'closed';
  expect(english((await waiting)!)).toMatch(/was closed and not merged: deliver again to open another one\.$/);
});

test('a token that ends while a pull request waits does not hide that it waits', async () => {
  live.clear();
  const answer = { status: 401, body: { message: 'Bad credentials' } };
  github.faults.push({ answer, when: /^GET .*\/pulls\/\d+$/ });
  const unseen = await applyByFolder(cluster, service(place('ended')), 'deploy', [deployment('0001')], context, {
    token,
  });
  expect(english(unseen!)).toMatch(
    /Look whether https:\/\/github\.com\/\S+ is merged, and run the delivery again.* is not valid/,
  );
});

test('by policy it is a commit of the branch', async () => {
  const before = github.commits('main').length;
  const apply = place('staging', 'commit');
  await applyByFolder(cluster, service(apply), 'deploy', [deployment('0001')], context, { token });
  expect(github.commits('main')).toHaveLength(before + 1);
  sync('staging');
  await expect(
    applyByFolder(cluster, service(apply), 'deploy', [deployment('0001')], context, { token }),
  ).resolves.toBeUndefined();
  expect(github.commits('main')).toHaveLength(before + 1);
});

test('without a token, and for a folder of somebody else, it says so and writes nothing', async () => {
  const apply = place('production');
  await expect(
    applyByFolder(cluster, service(apply), 'deploy', [deployment('0001')], context, { token: undefined }),
  ).rejects.toThrow(
    '`apply.repository` is team/deployments, and there is no token for it: give the input gitops-token one',
  );
  await expect(tryRepository(apply, { token, signal })).resolves.toBeUndefined();
  github.push('main', { 'clusters/foreign/hello/notes.md': 'of somebody' });
  await expect(tryRepository(place('foreign'), { token, signal })).rejects.toThrow(
    /clusters\/foreign\/hello of team\/deployments is to hold the rendered objects, and it holds notes\.md/,
  );
});
