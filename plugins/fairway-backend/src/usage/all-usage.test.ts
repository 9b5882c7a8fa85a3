import { randomUUID } from 'node:crypto';
import { openLedger } from '@fairway/clients/ledger/index';
import type { Ledger } from '@fairway/clients/ledger/index';
import { Store } from '@fairway/ledger/store';
import { Pool } from 'pg';
import { reasonOf } from '@fairway/service/reasons/reason';
import { ServiceOwners } from '../access/service-owners.ts';
import { testDatabases } from '../testing/test-databases.ts';
import { saidError } from '../http/said-error.ts';
import { readAllUsage } from './all-usage.ts';
import { lastDays } from './last-days.ts';

const databases = testDatabases();
const everything = { all: true, owners: new ServiceOwners(new Map()), may: () => true };
const { to: today } = lastDays();
const yesterday = new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10);

const row = (day: string, more: object = {}) => ({
  ...{
    id: randomUUID(),
    at: `${day}T00:00:01.000Z`,
    request_id: 'r',
    subject: 'ann',
    namespace: 'models',
  },
  ...{ service: 'chat', owner: 'team-a', operation: 'chat', version: 'v', model: 'large', prompt_tokens: 1000 },
  ...{
    completion_tokens: 500,
    counted_by: 'usage',
    ttft_ms: 200,
    duration_ms: 900,
    status: 200,
    flags: '',
    cache: null,
  },
  ...more,
});

const question = {
  by: 'team',
  filter: {},
  scope: everything,
  prices: undefined,
  said: saidError,
} as const;

const postgres = databases.eachSupportedId().flatMap(([id]) => (id === 'SQLITE_3' ? [] : [[id] as const]));
(postgres.length > 0 ? describe.each(postgres) : describe.skip.each([['PostgreSQL'] as const]))(
  'what the ledger stored in %s',
  id => {
    let ledger: Ledger;
    let pool: Pool;
    const read = (more: object = {}) => readAllUsage([{ clusters: ['east'], ledger }], { ...question, ...more });

    beforeAll(async () => {
      const knex = await databases.init(id as Parameters<typeof databases.init>[0]);
      const { connection } = knex.client.config as { connection: { connectionString?: string } };
      pool = new Pool(connection);
      const store = new Store(pool, 35);
      await store.migrate();
      await store.add([
        row(today),
        row(today, { subject: 'bob', status: 500, ttft_ms: 600 }),
        row(yesterday, { owner: 'team-b', service: 'embed', namespace: 'search', model: 'small', ttft_ms: null }),
        row(today, { cache: 'hit' }),
      ] as unknown as Parameters<Store['add']>[0]);
      ledger = openLedger(connection as Parameters<typeof openLedger>[0]);
    });
    afterAll(async () => {
      await ledger?.close();
      await pool?.end();
    });

    test('is summed up by team, the most tokens first', async () => {
      const { items, choices, total, sum } = await read();
      expect(items).toEqual([
        {
          ...{ group: 'team-a', requests: 3, failed: 1, cached: 1, promptTokens: 3000, completionTokens: 1500 },
          timeToFirstToken: (200 + 600 + 200) / 3,
        },
        { group: 'team-b', requests: 1, failed: 0, cached: 0, promptTokens: 1000, completionTokens: 500 },
      ]);
      expect(choices).toEqual({
        team: ['team-a', 'team-b'],
        service: ['models/chat', 'search/embed'],
        model: ['large', 'small'],
      });
      expect(total).toBe(2);
      expect(sum).toEqual({ requests: 4, promptTokens: 4000, completionTokens: 2000 });
    });

    test('is narrowed, by days too, and the choices stay', async () => {
      const groups = async (by: string, filter: object) => (await read({ by, filter })).items.map(({ group }) => group);
      expect(await groups('client', { service: 'models/chat' })).toEqual(['ann', 'bob']);
      expect(await groups('day', {})).toEqual([today, yesterday]);
      expect(await groups('model', { to: yesterday })).toEqual(['small']);
      expect(await groups('service', { team: 'team-b', model: 'large' })).toEqual([]);
      expect((await read({ filter: { team: 'nobody' } })).choices.team).toEqual(['team-a', 'team-b']);
    });

    test('costs what the prices of its day say, and an answer of the cache nothing', async () => {
      const prices = {
        currency: 'EUR',
        prices: [{ model: 'large', promptPerMillion: 1000, completionPerMillion: 2000 }],
      };
      const { items, currency } = await read({ prices });
      expect(currency).toBe('EUR');
      // two of 1000 prompt tokens and 500 of answers
      expect(items.map(({ group, cost, unpriced }) => [group, cost, unpriced])).toEqual([
        ['team-a', 2 * (1 + 1), 0],
        ['team-b', 0, 1],
      ]);
    });

    test('comes with a row for each model and day only where these have prices', async () => {
      const price = { model: 'large', promptPerMillion: 1000, completionPerMillion: 2000 };
      const prices = { currency: 'EUR', prices: [price, { ...price, from: today, promptPerMillion: 3000 }] };
      const rows: number[] = [];
      const counted: Ledger = {
        ...ledger,
        async usage(asked) {
          const found = await ledger.usage(asked);
          if (asked.where) rows.push(found.length);
          return found;
        },
      };
      const costs = async (by: string) => {
        const { items } = await readAllUsage([{ clusters: ['east'], ledger: counted }], {
          ...{ ...question, by: by as 'day', prices },
          filter: { service: 'models/versed' },
        });
        return items.map(({ group, cost, unpriced }) => [group, cost, unpriced]);
      };
      await pool.query(
        `INSERT INTO ledger.usage_daily SELECT $1::date - day, 'team-c', 'models', 'versed', 'unpriced-' || model, 'v', 'ann', '', 1, 0, 1, 1000, 0, 0, 0, 0
         FROM generate_series(0, 9) AS day, generate_series(0, 9) AS model`,
        [today],
      );
      await pool.query(
        `INSERT INTO ledger.usage_daily SELECT $1::date - day, 'team-c', 'models', 'versed', 'large', 'v', 'ann', '', 1, 0, 1, 1000, 0, 0, 0, 0
         FROM generate_series(0, 1) AS day`,
        [today],
      );
      expect(await costs('team')).toEqual([['team-c', 3 + 1, 100]]);
      // a row of all that has no price, and one of each of two days
      expect(rows.at(-1)).toBe(3);
      expect(await costs('model')).toContainEqual(['large', 4, 0]);
      expect(rows.at(-1)).toBe(12);
      expect((await costs('day')).slice(0, 3)).toEqual([
        [today, 3, 10],
        [yesterday, 1, 10],
        [expect.any(String), 0, 10],
      ]);
      expect(rows.at(-1)).toBe(12);
      await pool.query(`DELETE FROM ledger.usage_daily WHERE service = 'versed'`);
    });

    test('is that of the services that the reader may see, and names no other', async () => {
      const scope = { ...everything, all: false, may: ({ service }: { service?: string }) => service === 'embed' };
      const { items, choices } = await read({ by: 'day', scope });
      expect(items).toMatchObject([{ group: yesterday, requests: 1 }]);
      expect(JSON.stringify(choices)).not.toMatch(/chat|large|team-a/);
    });
  },
);

test('a ledger that does not answer is named, and takes nothing from the others', async () => {
  const ledger = openLedger({ url: 'postgres://reader@127.0.0.1:1/ledger' });
  const answer = await readAllUsage([{ clusters: ['east', 'west'], ledger }], question);
  expect(answer).toMatchObject({ items: [], total: 0 });
  expect(answer.ledgers).toEqual([
    {
      ...{ clusters: ['east', 'west'], state: 'unreachable', message: expect.stringMatching(/Nothing listens there/) },
      coded: { code: 'list.then', parameters: expect.objectContaining({ second: reasonOf('ledger.silent') }) },
    },
  ]);
  await ledger.close();
});

test('days in the wrong order are said', async () => {
  const filter = { from: '2026-11-27', to: '2026-11-26' };
  await expect(readAllUsage([], { ...question, filter })).rejects.toThrow(/from 2026-11-27 is after to 2026-11-26/);
});

test('one day alone says where the thirty end', async () => {
  expect(await readAllUsage([], { ...question, filter: { to: '2026-03-01' } })).toMatchObject({
    ...{ from: '2026-01-31', to: '2026-03-01' },
  });
});
