import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { actionsRegistryServiceFactory } from '@backstage/backend-defaults/alpha';
import {
  coreServices,
  createServiceFactory,
  type LoggerService,
  type RootLoggerService,
} from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import { notificationService } from '@backstage/plugin-notifications-node';
import { operations, type Operations } from '@fairway/backstage-plugin-fairway-common';
import { digestOf } from '@fairway/clients/registry/content';
import request from 'supertest';
import { createAlertViews } from './alerts/index.ts';
import { AlertmanagerServer, firing, theToken } from './alerts/testing/alertmanager-server.ts';
import type { ClusterViews } from './cluster-views.ts';
import { createClusterViews } from './cluster/index.ts';
import { sampleDelivery, withStage } from './testing/sample-delivery.ts';
import { noViews, startTestPortal } from './testing/test-portal.ts';

/** Stands in every credential of this test, so that one search finds each of them. */
const secret = (place: string) => `s3cr3t-of-${place}`;
const login = (place: string) => `ann:${secret(place)}`;
/** What a header makes of a login. */
const encoded = (place: string) => Buffer.from(login(place)).toString('base64').slice(0, 16);

const alertmanagers = [new AlertmanagerServer(), new AlertmanagerServer()] as const;
let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'fairway-credentials-'))));
afterAll(async () => {
  for (const server of alertmanagers) server.stop();
  await rm(folder, { recursive: true });
});

const withLogin = (url: string, place: string) => url.replace('//', `//${login(place)}@`);

async function configuration() {
  const [well, ill] = [await alertmanagers[0].start(), await alertmanagers[1].start()];
  const kubeconfig = join(folder, 'kubeconfig');
  const cluster = { server: withLogin('https://127.0.0.1:1', 'kubeconfig') };
  await writeFile(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster }],
      users: [{ name: 'u', user: { token: secret('kubeconfig-token') } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    }),
  );
  return {
    senders: [{ subject: mockCredentials.service().principal.subject, owners: ['*'] }],
    clusters: [
      {
        name: 'one',
        url: `${withLogin('https://127.0.0.1:1', 'cluster')}?token=${secret('cluster-query')}`,
        serviceAccountToken: secret('account'),
        prometheusUrl: `${withLogin('http://127.0.0.1:1', 'prometheus')}/?token=${secret('prometheus-query')}`,
        alertmanagerUrl: `${withLogin(well, 'alertmanager')}/?token=${secret('alertmanager-query')}`,
        logsUrl: `${withLogin('http://127.0.0.1:1', 'logs')}/?token=${secret('logs-query')}`,
      },
      {
        ...{ name: 'two', kubeconfig, context: 'c' },
        prometheusUrl: 'http://127.0.0.1:1',
        prometheusLogin: { token: secret('prometheus-token') },
        alertmanagerUrl: `${withLogin(ill, 'ill')}/?x=${secret('unnamed-parameter')}`,
        logsUrl: `${withLogin(ill, 'ill')}/?x=${secret('unnamed-parameter')}`,
      },
      {
        ...{ name: 'three', prometheusUrl: ill },
        prometheusLogin: { tokenCommand: `printf '%s-of-%s' s3cr3t token-command` },
      },
      { name: 'four', kubeconfig, context: 'c', prometheusUrl: ill, prometheusLogin: { tokenFile: tokenFile() } },
    ],
  };
}

const fitQuestion = {
  ...{ gpusPerReplica: 1, replicas: 1, contextLength: 1024, sequences: 1 },
  model: { bytes: 1e9, layers: 1, kvHeads: 1, headDim: 64 },
};

const tokenFile = () => join(folder, 'prometheus-token');

/** What other plugins of the portal log in with, by the names that Backstage gives it. */
const around = {
  kubernetes: {
    clusterLocatorMethods: [
      {
        type: 'config',
        clusters: [
          {
            ...{ name: 'three', url: 'https://127.0.0.1:1', authProvider: 'serviceAccount' },
            serviceAccountToken: secret('locator'),
          },
          { name: 'five', url: 'https://127.0.0.1:1', serviceAccountToken: secret('other-locator') },
          {
            ...{ name: 'six', url: 'https://127.0.0.1:1', authProvider: 'aws', externalId: secret('external-id') },
            authMetadata: { serviceAccountToken: secret('metadata') },
          },
        ],
      },
    ],
    googleServiceAccountCredentials: JSON.stringify({ client_email: 'a', private_key: secret('key-file') }),
  },
  backend: {
    database: { client: 'pg', connection: { host: 'h', user: 'u', password: secret('database') } },
    cache: { store: 'redis', connection: `redis://u:${secret('cache')}@h:6379` },
    auth: {
      externalAccess: [
        { type: 'static', options: { token: secret('external'), subject: 's' } },
        { type: 'legacy', options: { secret: secret('legacy'), subject: 's' } },
      ],
    },
  },
  integrations: {
    github: [
      {
        ...{ host: 'github.com', token: secret('github') },
        apps: [
          {
            appId: 1,
            clientId: 'c',
            clientSecret: secret('client'),
            webhookSecret: secret('webhook'),
            privateKey: secret('key'),
          },
        ],
      },
    ],
    gitlab: [{ host: 'gitlab.com', token: secret('gitlab') }],
    bitbucketCloud: [{ username: 'u', appPassword: secret('bitbucket') }],
  },
};
/** Where a failing system names them in words of its own, so that no form and no place shows what they are. */
const others =
  'locator other-locator external-id metadata key-file database cache external legacy github client webhook key gitlab bitbucket'
    .split(' ')
    .map(secret);

/** A delivery whose stages wrote a credential into every text that they can write. */
function leakyDelivery() {
  const sample = sampleDelivery();
  const content = JSON.stringify({
    registry: withLogin('https://registry.test', 'evidence'),
    clientSecret: secret('evidence-field'),
    env: [{ name: 'HF_TOKEN', value: secret('variable') }],
  });
  const piece = { mediaType: 'application/json', path: 'evidence/build/layers.json', digest: digestOf(content) };
  const built = withStage(sample, 'build', {
    reason: `GET ${withLogin('https://hub.test', 'reason')}/a?sig=${secret('signature')} failed: Authorization: Bearer ${secret('bearer-token')}`,
    coded: {
      code: 'optimize.silent',
      parameters: { words: { code: 'stage.fault', parameters: { words: withLogin('https://hub.test', 'coded') } } },
    },
    outputs: { 'admin-password': secret('output'), log: `used ghp_${'a1b2'.repeat(9)} and ${secret('account')}` },
    evidence: [piece],
  });
  const addressed = withStage(built, 'mesh', { outputs: { url: withLogin('https://gateway.test', 'gateway') } });
  return { ...addressed, evidence: { ...sample.evidence, [piece.digest]: content } };
}

const leakyPod = {
  name: 'p',
  phase: 'Pending',
  state: 'failing' as const,
  restarts: 0,
  reason: `pull of ${withLogin('https://registry.test', 'pod')}/v2/ failed`,
};

test('no answer, log, audit event or notification holds a credential', async () => {
  const said: string[] = [];
  const hear = (...words: unknown[]) =>
    void said.push(
      words.map(one => (one instanceof Error ? `${one.message} ${one.stack}` : JSON.stringify(one))).join(' '),
    );
  const logger: LoggerService = { error: hear, warn: hear, info: hear, debug: hear, child: () => logger };
  const config = await configuration();
  alertmanagers[1].refuses = 403;
  alertmanagers[1].says = `no: http://${login('answer')}@host/?token=${secret('answer-query')} ${secret('unnamed-parameter')} and ${theToken} (${others.join('|')})`;
  await writeFile(tokenFile(), `${secret('token-file')}\n`);
  alertmanagers[0].alerts = [
    {
      ...firing('f1', { service: 'hello-llm', owner: 'team-hello', instance: withLogin('http://h', 'label') }),
      annotations: {
        summary: `Scraping ${withLogin('http://target.test', 'summary')} fails.`,
        description: `See ${withLogin('https://wiki.test', 'description')}.`,
        runbook_url: withLogin('https://wiki.test/runbook', 'runbook'),
      },
    },
  ];
  const portal = await startTestPortal({
    config,
    around,
    users: true,
    views: {
      createAlertViews,
      createClusterViews: options => {
        const real = createClusterViews(options);
        const version = {
          revision: 'a',
          image: `${login('image')}@r/i`,
          replicas: 1,
          readyReplicas: 0,
          createdAt: '',
          state: 'failing' as const,
        };
        const place = { cluster: 'one', namespace: 'n', service: 'hello-llm' };
        const image = withLogin('https://registry.test', 'image');
        const items = [{ ...place, versions: [{ ...version, image, pods: [leakyPod] }] }];
        return { ...real, deployments: only => ({ ...real.deployments(only), items }) };
      },
    },
    features: [
      createServiceFactory({ service: coreServices.logger, deps: {}, factory: () => logger }),
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({ send: async options => hear('notification', options) }),
      }),
    ],
  });
  const sample = leakyDelivery();
  const { id } = sample.record;
  const answers: string[] = [];
  const ask = async (method: 'get' | 'post', path: string, header: string, body?: object) => {
    const asked = request(portal.server)[method](`/api/fairway${path}`).set('authorization', header);
    const { status, text, headers } = await (body ? asked.send(body) : asked);
    answers.push(`${status} ${text} ${JSON.stringify(headers)}`);
    return status;
  };
  const ann = mockCredentials.user.header('user:default/ann');
  expect(await ask('post', '/deliveries', mockCredentials.service.header(), sample)).toBe(200);
  while (!said.some(one => one.startsWith('"notification"'))) await new Promise(resolve => setTimeout(resolve, 20));
  while (said.filter(one => /unreachable|left out/.test(one)).length < 3)
    await new Promise(resolve => setTimeout(resolve, 20));

  for (const name of ['three', 'four'])
    while (!said.some(one => one.includes(`GPU figures of the cluster ${name} are left out`)))
      await new Promise(resolve => setTimeout(resolve, 20));

  const digests = Object.keys(sample.evidence);
  const alert = '/alerts/one/f1';
  const requests: Record<keyof Operations, (readonly [path: string, body?: object])[]> = {
    home: [['/home']],
    services: [['/services']],
    service: [['/services/hello-llm/hello-llm/summary']],
    indicators: [['/services/hello-llm/hello-llm/indicators?cluster=one']],
    usage: [['/services/n/hello-llm/usage']],
    allUsage: [['/usage']],
    clientUsage: [['/usage/clients']],
    removeService: [['/services/n/hello-llm/remove', {}]],
    tryService: [['/services/hello-llm/hello-llm/try', { question: 'Hello?', token: secret('try') }]],
    deliveries: [['/services/hello-llm/deliveries']],
    delivery: [[`/deliveries/${id}`]],
    evidence: digests.map(digest => [`/deliveries/${id}/evidence/${digest}`] as const),
    deliverAgain: [[`/deliveries/${id}/again`, {}]],
    ingest: [],
    deployments: [['/deployments']],
    rollback: [['/clusters/one/services/n/hello-llm/rollback', { from: ['a'], to: 'b' }]],
    pauseRelease: [['/clusters/one/services/n/hello-llm/release/pause', { candidate: 'b' }]],
    resumeRelease: [['/clusters/one/services/n/hello-llm/release/resume', { candidate: 'b' }]],
    promoteRelease: [['/clusters/one/services/n/hello-llm/release/promote', { candidate: 'b' }]],
    abortRelease: [['/clusters/one/services/n/hello-llm/release/abort', { candidate: 'b' }]],
    capacity: [['/capacity']],
    fleet: [['/capacity/fleet']],
    capacityTrend: [['/capacity/trend']],
    teamCapacity: [['/capacity/teams']],
    queues: [['/capacity/queues']],
    model: [['/models?reference=none']],
    fitting: [['/capacity/fitting', { model: { config: `{"model_type": "${secret('account')}"}` } }]],
    fit: [
      ['/capacity/fit', {}],
      // its rejection names what was asked
      ['/capacity/fit', { ...fitQuestion, gpuClass: secret('account') }],
    ],
    alerts: [['/alerts']],
    resolvedAlerts: [['/alerts/resolved']],
    silence: [
      [`${alert}/silence`, { minutes: 5, comment: 'known' }],
      ['/alerts/two/f1/silence', { minutes: 5, comment: 'x' }],
    ],
    acknowledge: [[`${alert}/acknowledge`, {}]],
    logs: [['/services/hello-llm/logs']],
    comparisons: [['/comparisons']],
  };
  for (const name of Object.keys(operations) as (keyof Operations)[])
    for (const [path, body] of requests[name]) await ask(operations[name].method, path, ann, body);

  expect(answers.filter(answer => answer.startsWith('200')).length).toBeGreaterThanOrEqual(10 + digests.length);
  // what was searched is there, with the credential taken out of it
  for (const text of [
    'https://***@hub.test',
    'registry.test',
    'Scraping http://***@target.test',
    'https://wiki.test/runbook',
    '"gpuClass":"***"',
  ])
    expect(answers.join('\n')).toContain(text);
  const everything = [...answers, ...said, JSON.stringify(portal.audit), JSON.stringify(portal.told)];
  expect(said.join('\n')).toMatch(
    /figures of the cluster three .* ended with 403: no: .* and \*\*\* \((?:\*{3}\|){14}\*{3}\)/,
  );
  const places = everything.flatMap(text =>
    [...text.matchAll(/.{0,60}(?:s3cr3t|ghp_).{0,40}/gs)].map(([found]) => found),
  );
  expect(places).toEqual([]);
  for (const place of ['alertmanager', 'ill', 'prometheus', 'cluster', 'kubeconfig'])
    expect(everything.filter(text => text.includes(encoded(place)))).toEqual([]);
});

test('an error of a client goes on without the request that it holds, to who asks, to agents and to the audit log', async () => {
  const clientError = () => {
    const sent = { headers: { authorization: `Bearer ${secret('request')}` } };
    const cause = Object.assign(new Error(`GET ${withLogin('https://hub.test', 'cause')} failed`), { sent });
    return Object.assign(new Error(`It failed with ${secret('external')}.`, { cause }), {
      sent,
      input: login('input'),
    });
  };
  const fails = () => {
    throw clientError();
  };
  const logged: unknown[] = [];
  const hear = (...words: unknown[]) => void logged.push(...words);
  const logger: RootLoggerService = { error: hear, warn: hear, info: hear, debug: hear, child: () => logger };
  const portal = await startTestPortal({
    around,
    users: true,
    features: [
      createServiceFactory({ service: coreServices.rootLogger, deps: {}, factory: () => logger }),
      actionsRegistryServiceFactory,
    ],
    views: {
      createClusterViews: () =>
        ({
          ...noViews.createClusterViews({} as never),
          deployments: fails,
          capacity: fails,
          writable: fails,
        }) as ClusterViews,
    },
  });
  const ann = mockCredentials.user.header('user:default/ann');
  const asked = [
    request(portal.server).get('/api/fairway/capacity'),
    request(portal.server)
      .post('/api/fairway/clusters/one/services/n/s/rollback')
      .send({ from: ['a'], to: 'b' }),
    request(portal.server).post('/api/fairway/.backstage/actions/v1/actions/fairway:list-services/invoke').send({}),
  ];
  const answers = await Promise.all(asked.map(one => one.set('authorization', ann)));
  expect(answers.map(({ status, text }) => [status, text])).toEqual(
    Array(3).fill([500, expect.stringContaining('It failed with ***.')]),
  );
  expect(portal.audit).toEqual([expect.objectContaining({ status: 'failed', error: 'It failed with ***.' })]);
  const everything = [...answers.map(({ text }) => text), ...portal.audit, ...logged].map(one =>
    inspect(one, { depth: 9 }),
  );
  expect(everything.join('\n')).toContain('https://***@hub.test');
  expect(everything.filter(text => text.includes('s3cr3t'))).toEqual([]);
});
