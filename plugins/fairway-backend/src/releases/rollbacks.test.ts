import { createBackendModule } from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import type { DeploymentView } from '@fairway/backstage-plugin-fairway-common';
import { ConfigurationError } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import request from 'supertest';
import { noViews, startTestPortal } from '../testing/test-portal.ts';
import { keptSecondsOf } from './kept-seconds.ts';
import { type Rollback, rollbackExtensionPoint } from './rollback-extension.ts';

const place = { cluster: 'east', namespace: 'hello', service: 'hello-llm' };
const path = '/api/fairway/clusters/east/services/hello/hello-llm/rollback';
const goBack = { from: ['new'], to: 'old' };
const ann = mockCredentials.user.header('user:default/ann');
const opened = { kubeConfig: 'of the configuration', context: 'east' };

async function portal(rollback: Rollback | undefined, { actions = true } = {}) {
  const view: DeploymentView = { ...place, versions: [], goBack };
  const state = { items: [view] };
  const createClusterViews = () => ({
    ...noViews.createClusterViews({} as never),
    deployments: () => ({ clusters: [], items: state.items }),
    writable: (name: string) => (actions && name === 'east' ? opened : undefined),
  });
  const module = createBackendModule({
    pluginId: 'fairway',
    moduleId: 'rollback-test',
    register: ({ registerInit }) =>
      registerInit({
        deps: { point: rollbackExtensionPoint },
        async init({ point }) {
          if (rollback) point.setRollback(rollback);
        },
      }),
  });
  const { server, audit } = await startTestPortal({
    ...{ users: true, features: [module], views: { createClusterViews: createClusterViews as never } },
  });
  const post = async (body: object = goBack, header = ann) => {
    const answer = await request(server).post(path).set('authorization', header).send(body);
    return { status: answer.status, body: answer.body, message: String(answer.body.error?.message ?? '') };
  };
  return { post, state, audit };
}

test('goes back to the version that the person saw, with an audit event', async () => {
  const asked: Parameters<Rollback>[0][] = [];
  const { post, audit } = await portal(async given => {
    asked.push(given);
    return { revision: given.revision, from: ['new'] };
  });
  expect(await post()).toMatchObject({ status: 200, body: { revision: 'old', from: ['new'] } });
  expect(asked).toEqual([
    {
      ...opened,
      ...{ namespace: 'hello', name: 'hello-llm', revision: 'old', keep: 3600 },
      holder: expect.stringMatching(/^user:default\/ann in the portal \([0-9a-f]{8}\)$/),
    },
  ]);
  expect(audit).toEqual([{ eventId: 'release-rollback', status: 'succeeded', meta: { ...place, ...goBack } }]);
  await post();
  expect(asked[1]?.holder).not.toBe(asked[0]?.holder);
});

test('nothing is moved when the versions changed meanwhile', async () => {
  const rollback = jest.fn<ReturnType<Rollback>, Parameters<Rollback>>();
  const { post, state, audit } = await portal(rollback);
  expect(await post({ from: ['other'], to: 'old' })).toMatchObject({
    status: 409,
    message: expect.stringMatching(/would now go from new to old\. Nothing was moved/),
  });
  state.items = state.items.map(view => ({ ...view, goBack: undefined }));
  expect(await post()).toMatchObject({ status: 409, message: expect.stringMatching(/no ready version to go back to/) });
  state.items = [];
  expect((await post()).status).toBe(404);
  expect(rollback).not.toHaveBeenCalled();
  expect(audit.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
});

test('a machine goes back by its own means, not by the portal', async () => {
  const { post } = await portal(async ({ revision }) => ({ revision, from: [] }));
  expect((await post(goBack, mockCredentials.service.header())).status).toBe(403);
});

test.each([
  ['the cluster is only watched', async () => ({ revision: 'old', from: [] }), false],
  ['no module moves traffic', undefined, true],
])('says how to switch it on when %s', async (_name, rollback, actions) => {
  const { post } = await portal(rollback, { actions });
  expect(await post()).toMatchObject({
    status: 409,
    message: expect.stringMatching(/actions: true.*actions-role\.yaml/),
  });
});

test('what stands in the way is said, with its code', async () => {
  const reason = reasonOf('back.notReady', {
    revision: 'old',
    service: 'hello-llm',
    deployment: 'hello/hello-llm-old',
  });
  const { post } = await portal(async () => {
    throw new ConfigurationError(reason);
  });
  expect(await post()).toMatchObject({
    status: 409,
    message:
      'The version old of hello-llm is not ready, so nothing was moved. Look at the deployment hello/hello-llm-old.',
    body: { error: { coded: reason } },
  });
});

test('a version without users stays as fairway.yaml says, at least until its longest answer ended', () => {
  const service = (keep: number, contextLength: number) =>
    JSON.stringify({
      objectives: { timeToFirstToken: { milliseconds: 500 }, interTokenLatency: { milliseconds: 50 } },
      serving: { contextLength },
      release: { keep },
    });
  expect(keptSecondsOf(service(15, 2048))).toBe(900);
  // 0.5 s and 4096 tokens of 50 ms are 205.3 s, four minutes in whole ones
  expect(keptSecondsOf(service(0, 4096))).toBe(240);
  expect(keptSecondsOf(undefined)).toBe(3600);
  expect(keptSecondsOf('{"name":"from an older Fairway"}')).toBe(3600);
});
