import { mockServices } from '@backstage/backend-test-utils';
import { openDatabase } from '../database.ts';
import { NotificationClaims } from './notification-claims.ts';
import { testDatabases } from '../testing/test-databases.ts';

const databases = testDatabases();
const alert = { source: 'east', fingerprint: 'f', since: '2026-01-01T00:00:00.000Z' };
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));

describe.each(databases.eachSupportedId())('on %s', id => {
  async function claims() {
    const database = mockServices.database({ knex: await databases.init(id) });
    return new NotificationClaims(await openDatabase(database));
  }

  test('of many who claim at once one gets it', async () => {
    const all = await claims();
    const made = await Promise.all(Array.from({ length: 5 }, () => all.claim(alert, at(0))));
    expect(made.filter(one => one.state === 'ours')).toHaveLength(1);
    expect(made.filter(one => one.state === 'theirs')).toHaveLength(4);
  });

  test('the same fingerprint at another source is another alert', async () => {
    const all = await claims();
    expect(await all.claim(alert, at(0))).toMatchObject({ state: 'ours' });
    expect(await all.claim({ ...alert, source: 'west' }, at(0))).toMatchObject({ state: 'ours' });
  });

  test('what was sent stays sent', async () => {
    const all = await claims();
    const made = await all.claim(alert, at(0));
    if (made.state === 'ours') await all.sent(made.id, at(1));
    expect(await all.claim(alert, at(1000))).toEqual({ state: 'sent' });
  });

  test('a claim that was given back, or whose holder died, is free', async () => {
    const all = await claims();
    const first = await all.claim(alert, at(0));
    if (first.state === 'ours') await all.release(first.id);
    expect(await all.claim(alert, at(1))).toMatchObject({ state: 'ours' });
    expect(await all.claim(alert, at(30))).toEqual({ state: 'theirs' });
    expect(await all.claim(alert, at(62))).toMatchObject({ state: 'ours' });
  });

  test('what is long over is forgotten, what still fires is not', async () => {
    const all = await claims();
    for (const fingerprint of ['over', 'fires']) {
      const made = await all.claim({ ...alert, fingerprint }, at(0));
      if (made.state === 'ours') await all.sent(made.id, at(0));
    }
    await all.prune(at(10), ['fires']);
    expect(await all.claim({ ...alert, fingerprint: 'over' }, at(20))).toMatchObject({ state: 'ours' });
    expect(await all.claim({ ...alert, fingerprint: 'fires' }, at(20))).toEqual({ state: 'sent' });
  });
});
