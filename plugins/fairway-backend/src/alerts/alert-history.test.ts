import type { Alert } from '@fairway/backstage-plugin-fairway-common';
import { migrate } from '../database.ts';
import { testDatabases } from '../testing/test-databases.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { AlertHistory } from './alert-history.ts';

const databases = testDatabases();
const minutes = (count: number) => new Date(Date.parse('2026-11-20T12:00:00.000Z') + count * 60_000);
const week = 7 * 24 * 60;

const alert = (fingerprint: string, source = 'east', of: Partial<Alert> = {}): Alert => ({
  ...{ source, fingerprint, name: 'Slow', severity: 'page', summary: 'It is slow.', since: minutes(0).toISOString() },
  ...{ state: 'active', silencedBy: [], service: 'chat', namespace: 'models', cluster: source },
  ...of,
});
const heard = () => true;

describe.each(databases.eachSupportedId())('on %s', engine => {
  async function histories() {
    const knex = await databases.init(engine);
    await migrate(knex);
    const acknowledgements = new Acknowledgements(knex);
    const [one, other] = [1, 2].map(() => new AlertHistory(knex, acknowledgements)) as [AlertHistory, AlertHistory];
    return { knex, acknowledgements, one, other };
  }

  test('an alert that is gone ended then, for whichever replica sees it first, and keeps who had it', async () => {
    const { acknowledgements, one, other } = await histories();
    const at = minutes(3);
    await acknowledgements.add(alert('f1'), 'user:default/ann', at);
    // the second reads what the first has written
    for (const [history, changes] of [
      [one, true],
      [other, false],
    ] as const)
      expect(await history.note([alert('f1')], heard, minutes(1))).toBe(changes);
    expect(await one.note([alert('f1')], heard, minutes(2))).toBe(false);
    expect(await one.resolved({}, minutes(4))).toEqual({ items: [], total: 0 });
    await one.note([], heard, minutes(5));
    await other.note([], heard, minutes(6));
    const { items, total } = await other.resolved({}, minutes(7));
    expect(total).toBe(1);
    expect(items[0]).toMatchObject({ fingerprint: 'f1', service: 'chat', endedAt: minutes(5).toISOString() });
    expect(items[0]?.acknowledged).toEqual({ by: 'user:default/ann', at: at.toISOString() });
    expect(items[0]).not.toHaveProperty('state');
  });

  test('what nobody speaks of any more has not ended, and a portal that comes back goes on', async () => {
    const { one, other } = await histories();
    await one.note([alert('f1'), alert('f1', 'west')], heard, minutes(1));
    // another portal with the same database, whose Alertmanager of the west does not answer
    await other.note([], ({ source }) => source === 'east', minutes(2));
    expect((await other.resolved({}, minutes(3))).items.map(({ source }) => source)).toEqual(['east']);
  });

  test('they are narrowed, and one that names no namespace may be of any', async () => {
    const { one } = await histories();
    const bare = alert('f2', 'east', { namespace: undefined, cluster: undefined });
    await one.note([alert('f1'), bare, alert('f3', 'west', { service: 'code' })], heard, minutes(1));
    await one.note([], heard, minutes(2));
    const names = async (only: object) =>
      (await one.resolved(only, minutes(3))).items.map(({ fingerprint }) => fingerprint);
    expect(await names({ service: 'chat' })).toEqual(['f1', 'f2']);
    expect(await names({ service: 'chat', namespace: 'other' })).toEqual(['f2']);
    expect(await names({ cluster: 'west' })).toEqual(['f2', 'f3']);
  });

  test('after a week it is neither shown nor stored, and what fired at a source that is gone goes too', async () => {
    const { knex, one } = await histories();
    await one.note([alert('f1'), alert('f2', 'gone'), alert('f3')], heard, minutes(0));
    await one.note([alert('f2', 'gone'), alert('f3')], heard, minutes(1));
    expect((await one.resolved({}, minutes(week))).total).toBe(1);
    expect((await one.resolved({}, minutes(week + 2))).total).toBe(0);
    await one.prune(['east'], minutes(week + 2));
    expect(await knex('alert_history').select('fingerprint')).toEqual([{ fingerprint: 'f3' }]);
  });
});
