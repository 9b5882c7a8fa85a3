import { mockCredentials } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { freePort } from '@fairway/clients/docker/free-port';
import createKnex from 'knex';
import request from 'supertest';
import { forbidden } from '../../../../test/github/answer.ts';
import { badGateway } from '../../../../test/github/faults.ts';
import { githubDouble } from '../../../../test/github/double.ts';
import type { GithubDouble } from '../../../../test/github/double.ts';
import { migrate } from '../database.ts';
import { sampleDelivery } from '../testing/sample-delivery.ts';
import { startTestPortal } from '../testing/test-portal.ts';
import { DeliveryStore } from './delivery-store.ts';
import { RunAgain } from './run-again.ts';

const host = 'github.test';
const origin = `https://${host}/team/hello/actions/runs/7`;
let github: GithubDouble;

beforeAll(async () => {
  github = await githubDouble({
    tokens: { 'secret-token': { permissions: { actions: 'write' } }, reading: { permissions: { actions: 'read' } } },
  });
});
beforeEach(() => void github.runs.splice(0, Infinity, { id: 7, attempt: 1 }));
afterAll(() => github.close());

const integrations = (token?: string, apiBaseUrl = github.url) => ({
  integrations: { github: [{ host, apiBaseUrl, ...(token && { token }) }] },
});
const runAgain = (token?: string, apiBaseUrl?: string) =>
  new RunAgain(new ConfigReader(integrations(token, apiBaseUrl)));
const failure = (again: RunAgain, of = origin) =>
  again.run(of).then(
    () => '',
    (error: Error) => error.message,
  );

test('a run of GitHub is run again as a whole, with the login of the integration of its host', async () => {
  await runAgain('secret-token').run(origin);
  expect(github.runs).toEqual([{ id: 7, attempt: 2 }]);
  expect(github.requests.at(-1)).toMatchObject({
    request: 'POST /repos/team/hello/actions/runs/7/rerun',
    token: 'secret-token',
  });
});

test('who can deliver again: the portal with a login, else who opens the run, else who has the folder', () => {
  expect(runAgain('secret-token').again(origin)).toBe('portal');
  expect(runAgain().again(origin)).toBe('host');
  expect(runAgain('secret-token').again('https://other.test/team/hello/actions/runs/7')).toBe('host');
  // Backstage knows github.com without a login
  expect(runAgain('secret-token').again('https://github.com/team/hello/actions/runs/7')).toBe('host');
  expect(runAgain('secret-token').again('laptop')).toBe('command');
});

test('what GitHub does not do is said in its words, and what to do about it', async () => {
  expect(await failure(runAgain('reading'))).toMatch(
    /^https:.* was not run again \(403\): Resource not accessible by integration\. .* Actions: write/,
  );
  expect(github.takeRejected()).toHaveLength(1);
  github.faults.push({ answer: forbidden('This workflow is already running') });
  expect(await failure(runAgain('secret-token'))).toMatch(/\(403\): This workflow is already running\./);
  github.faults.push({ answer: badGateway });
  expect(await failure(runAgain('secret-token'))).toMatch(/\(502\)/);
  expect(await failure(runAgain('secret-token', `http://127.0.0.1:${await freePort()}`))).toMatch(
    /^The portal does not reach .* \(connect ECONNREFUSED/,
  );
  expect(await failure(runAgain())).toMatch(/no login/);
});

test('a person delivers again, and the audit event has the name', async () => {
  const knex = createKnex({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true });
  await migrate(knex);
  const { record, evidence } = sampleDelivery({ id: 'd1' });
  await new DeliveryStore(knex).ingest(
    { record, evidence },
    { sender: 'github:1001', owners: 'all', origin, projectSlug: 'team/hello', repositoryId: '1001' },
  );
  const { server, audit } = await startTestPortal({
    ...{ knex, users: true, around: integrations('secret-token') },
  });
  const ann = mockCredentials.user.header('user:default/ann');
  const ask = (method: 'get' | 'post', path: string) =>
    request(server)
      [method](`/api/fairway/deliveries/${path}`)
      .set('authorization', ann)
      .send(method === 'post' ? {} : undefined);
  expect((await ask('get', 'd1')).body).toMatchObject({ origin, again: 'portal' });
  const done = await ask('post', 'd1/again');
  expect([done.status, done.body]).toEqual([200, { origin }]);
  expect(github.runs[0]?.attempt).toBe(2);
  expect(audit).toEqual([{ eventId: 'delivery-again', status: 'succeeded', meta: { id: 'd1' } }]);
  expect((await ask('post', 'd2/again')).status).toBe(404);
  await knex.destroy();
});
