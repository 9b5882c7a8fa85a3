/** Backstage's module for Slack behind the alerts: an alert of a team is one message in the channel that its Group names. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BackendFeature, coreServices, createServiceFactory } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { createAlertViews } from '../../../plugins/fairway-backend/src/alerts/index.ts';
import { AlertmanagerServer, firing } from '../../../plugins/fairway-backend/src/alerts/testing/alertmanager-server.ts';
import { createFairwayPlugin } from '../../../plugins/fairway-backend/src/plugin.ts';
import { noViews, openMemory } from '../../../plugins/fairway-backend/src/testing/test-portal.ts';
import { within } from '../../within.ts';

interface Message {
  readonly channel: string;
  readonly text: string;
  readonly attachments: readonly { readonly color: string; readonly blocks: readonly unknown[] }[];
}

const messages: { readonly path: string; readonly token: string | undefined; readonly message: Message }[] = [];
/** https://docs.slack.dev/reference/methods/chat.postMessage: a form in, in which attachments are JSON, and `ok` out. */
const slack = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (part: string) => (body += part));
  request.on('end', () => {
    const form = Object.fromEntries(new URLSearchParams(body));
    const message = { ...form, attachments: JSON.parse(form['attachments'] ?? '[]') } as Message;
    messages.push({ path: request.url ?? '', token: request.headers.authorization, message });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, channel: message.channel, ts: '1503435956.000247' }));
  });
});

// the module has no setting for the address, which is the only thing that is another here
jest.mock('@slack/web-api', () => {
  const real = jest.requireActual<{ WebClient: new (token: string, options: object) => object }>('@slack/web-api');
  class LocalClient extends real.WebClient {
    constructor(token: string) {
      super(token, { slackApiUrl: process.env['FAIRWAY_TEST_SLACK'] });
    }
  }
  return { ...real, WebClient: LocalClient };
});

const group = (name: string, annotations: Record<string, string>) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name, annotations },
  spec: { type: 'team', children: [] },
});

/** Its types are one default deeper than what a test gets. */
const plugin = (imported: Promise<unknown>) => imported as Promise<{ default: BackendFeature }>;

const alertmanager = new AlertmanagerServer();
let backend: Awaited<ReturnType<typeof startTestBackend>>;

beforeAll(async () => {
  slack.listen(0, '127.0.0.1');
  await once(slack, 'listening');
  process.env['FAIRWAY_TEST_SLACK'] = `http://127.0.0.1:${(slack.address() as AddressInfo).port}/api/`;
  const alertmanagerUrl = await alertmanager.start();
  backend = await startTestBackend({
    features: [
      createFairwayPlugin({ ...noViews, createAlertViews }),
      plugin(import('@backstage/plugin-notifications-backend')),
      plugin(import('@backstage/plugin-notifications-backend-module-slack')),
      catalogServiceMock.factory({
        entities: [group('team-a', { 'slack.com/bot-notify': 'C012AB3CD' }), group('team-b', {})],
      }),
      createServiceFactory({
        service: coreServices.database,
        deps: {},
        factory: () => mockServices.database({ knex: openMemory() }),
      }),
      mockServices.rootConfig.factory({
        data: {
          app: { baseUrl: 'https://portal.test' },
          backend: { baseUrl: 'https://portal.test' },
          notifications: { processors: { slack: [{ token: 'xoxb-of-the-test' }] } },
          fairway: {
            clusters: [{ name: 'east', url: 'https://127.0.0.1:9', serviceAccountToken: 'token', alertmanagerUrl }],
          },
        },
      }),
    ],
  });
});

afterAll(async () => {
  await backend?.stop();
  alertmanager.stop();
  slack.closeAllConnections();
  slack.close();
  delete process.env['FAIRWAY_TEST_SLACK'];
});

test('says what burns and how bad it is, and leads to the alerts; a team without a channel gets none', async () => {
  alertmanager.alerts = [
    firing('quiet', { service: 'embed', namespace: 'models', owner: 'team-b' }),
    firing('burns', { service: 'chat', namespace: 'models', owner: 'team-a', severity: 'page' }),
  ];
  await within(60)(async () => expect(messages).not.toEqual([]));
  expect(messages).toHaveLength(1);
  const [{ path, token, message }] = messages as [(typeof messages)[number]];
  expect([path, token]).toEqual(['/api/chat.postMessage', 'Bearer xoxb-of-the-test']);
  expect(message).toMatchObject({ channel: 'C012AB3CD', text: 'chat is slow.' });
  const [attachment] = message.attachments;
  expect(attachment?.color).toBe('#FF0000');
  const shown = JSON.stringify(attachment?.blocks);
  expect(shown).toContain('"url":"https://portal.test/fairway/alerts"');
  expect(shown).toContain('Severity: critical');
  // it has no description of its own
  expect(shown).toContain('Slow fires for models/chat on east.');
});
