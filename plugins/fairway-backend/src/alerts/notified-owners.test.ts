import { createServiceFactory } from '@backstage/backend-plugin-api';
import { type NotificationSendOptions, notificationService } from '@backstage/plugin-notifications-node';
import request from 'supertest';
import { sampleDelivery } from '../testing/sample-delivery.ts';
import { startTestPortal, tokens } from '../testing/test-portal.ts';
import { createAlertViews } from './index.ts';
import { AlertmanagerServer, firing } from './testing/alertmanager-server.ts';

const alertmanager = new AlertmanagerServer();
afterAll(() => alertmanager.stop());

test('an alert that may be about the services of two teams is sent to neither', async () => {
  const sent: NotificationSendOptions[] = [];
  const cluster = { name: 'east', url: 'https://cluster.example', serviceAccountToken: 'token' };
  const { server } = await startTestPortal({
    config: { clusters: [{ ...cluster, alertmanagerUrl: await alertmanager.start() }] },
    views: { createAlertViews },
    features: [
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({ send: async options => void sent.push(options) }),
      }),
    ],
  });
  const deliver = (team: string, service: string) =>
    request(server)
      .post('/api/fairway/deliveries')
      .set('authorization', `Bearer ${tokens.all}`)
      .send(sampleDelivery({ id: `${team}-${service}`, service, namespace: team, owner: team }))
      .expect(200);
  await deliver('team-a', 'chat');
  await deliver('team-b', 'chat');
  await deliver('team-b', 'alone');
  // the last one is sent after all before it
  alertmanager.alerts = [
    firing('f1', { service: 'chat' }),
    firing('f2', { service: 'chat', namespace: 'team-b' }),
    firing('f3', { service: 'alone' }),
  ];
  const notified = () => sent.map(({ recipients, payload }) => [payload.scope, recipients]);
  while (notified().length < 2) await new Promise(resolve => setTimeout(resolve, 50));
  const teamB = { type: 'entity', entityRef: 'group:default/team-b' };
  expect(notified()).toEqual([
    ['fairway:alert:east:f2', teamB],
    ['fairway:alert:east:f3', teamB],
  ]);
});
