import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import createKnex, { type Knex } from 'knex';
import request from 'supertest';
import fairwayPlugin from './index.ts';

let knex: Knex;
beforeAll(() => void (knex = createKnex({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true })));
afterAll(() => knex.destroy());

test('the plugin starts with nothing configured, and has nothing to show', async () => {
  const { server } = await startTestBackend({ features: [fairwayPlugin, mockServices.database.factory({ knex })] });
  const get = (path: string) => request(server).get(`/api/fairway${path}`).expect(200);
  expect((await get('/services')).body).toEqual({ items: [] });
  expect((await get('/deployments')).body).toEqual({ clusters: [], items: [] });
  expect((await get('/capacity')).body).toEqual({ clusters: [], pools: [], saturation: [] });
  expect((await get('/alerts')).body).toEqual({ sources: [], unwatched: [], items: [] });
});

test('a configuration that cannot work ends the start with what is wrong', async () => {
  const backend = { baseUrl: 'http://portal.test' };
  const fairway = { github: { repositories: ['acme/*'] } };
  const config = mockServices.rootConfig.factory({ data: { backend, fairway } });
  const features = [fairwayPlugin, mockServices.database.factory({ knex }), config];
  await expect(startTestBackend({ features })).rejects.toThrow(/fairway.github.workflows is empty/);
});
