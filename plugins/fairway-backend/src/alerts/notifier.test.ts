import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import { openDatabase } from '../database.ts';
import { NotificationClaims } from './notification-claims.ts';
import { notificationLanguage } from './notification-language.ts';
import { Notifier } from './notifier.ts';
import { firing } from './testing/alertmanager-server.ts';
import { toAlert } from './to-alert.ts';

const east = { name: 'east', clusters: ['east'], services: new Map([['hello', ['hello']]]) };
const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

async function notifier(send: NotificationService['send'], config = mockServices.rootConfig({ data: {} })) {
  const database = mockServices.database({ knex: await databases.init('SQLITE_3') });
  const claims = new NotificationClaims(await openDatabase(database));
  const logger = mockServices.logger.mock();
  return {
    logger,
    notifier: new Notifier({
      claims,
      logger,
      notifications: { send },
      say: notificationLanguage(config),
      ownerOf: async () => undefined,
    }),
  };
}

test('a message that could not be sent is sent again', async () => {
  const answers = [() => Promise.reject(new Error('nobody listens')), () => Promise.resolve()];
  let sent = 0;
  const { notifier: one, logger } = await notifier(async () => {
    sent += 1;
    await answers.shift()?.();
  });
  const alerts = [toAlert(firing('f', { owner: 'team-hello' }), east)];
  for (let reading = 0; reading < 4; reading++) await one.tell(alerts);
  expect(sent).toBe(2);
  expect(logger.warn).toHaveBeenCalledWith(expect.stringMatching(/group:default\/team-hello .* nobody listens/));
});

test('an owner that is no entity reference is said once and told nothing', async () => {
  let sent = 0;
  const { notifier: one, logger } = await notifier(async () => void (sent += 1));
  const alerts = [toAlert(firing('f', { owner: 'group:/' }), east)];
  await one.tell(alerts);
  await one.tell(alerts);
  expect(sent).toBe(0);
  expect(logger.warn).toHaveBeenCalledTimes(1);
});

// the sentence of docs/alerts.md and figures as Prometheus writes them
const burning = {
  alertname: 'FairwayErrorBudgetBurn',
  ...{ service: 'hello', namespace: 'hello', owner: 'team-hello', objective: 'availability', severity: 'page' },
};
const burn = {
  summary: 'hello uses up its error budget for availability too fast.',
  description: '20.5% of events are bad over the last hours; the objective allows 0.5 % in the long run.',
};

test.each([
  [undefined, burn, burn.summary, burn.description],
  ['zh', burn, 'hello 消耗“可用性”的错误预算过快。', '最近几小时内 20.5% 的事件不合格；目标长期允许 0.5 %。'],
  [
    'zh',
    { summary: 'hello is on fire.' },
    'hello is on fire.',
    'east 上 hello/hello 的 FairwayErrorBudgetBurn 正在触发。',
  ],
])('in the language %s', async (language, annotations, title, description) => {
  const data = language === undefined ? {} : { fairway: { notifications: { language } } };
  const sent: unknown[] = [];
  const { notifier: one } = await notifier(
    async ({ payload }) => void sent.push(payload),
    mockServices.rootConfig({ data }),
  );
  await one.tell([toAlert({ ...firing('f', burning), annotations }, east)]);
  expect(sent).toEqual([expect.objectContaining({ title, description })]);
});

test('a language that there is not is rejected when the portal starts', () => {
  const config = mockServices.rootConfig({ data: { fairway: { notifications: { language: 'fr' } } } });
  expect(() => notificationLanguage(config)).toThrow(
    'fairway.notifications.language is "fr". Notifications are sent in "en" or "zh": write one of them.',
  );
});
