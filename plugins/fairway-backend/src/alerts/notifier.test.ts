import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { openDatabase } from '../database.ts';
import { NotificationClaims } from './notification-claims.ts';
import { Notifier } from './notifier.ts';
import { firing } from './testing/alertmanager-server.ts';
import { toAlert } from './to-alert.ts';

const east = { name: 'east', clusters: ['east'], services: new Map([['hello', ['hello']]]) };
const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

async function notifier(send: () => Promise<void>) {
  const database = mockServices.database({ knex: await databases.init('SQLITE_3') });
  const claims = new NotificationClaims(await openDatabase(database));
  const logger = mockServices.logger.mock();
  return {
    logger,
    notifier: new Notifier({ claims, logger, notifications: { send }, ownerOf: async () => undefined }),
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
