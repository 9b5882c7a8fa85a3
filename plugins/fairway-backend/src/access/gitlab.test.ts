import { ConfigReader } from '@backstage/config';
import request from 'supertest';
import { sampleDelivery } from '../testing/sample-delivery.ts';
import { startTestIssuer, type TestIssuer } from '../testing/test-issuer.ts';
import { startTestPortal, tokens } from '../testing/test-portal.ts';
import { gitlabSettings } from './gitlab-settings.ts';
import { gitlabRun } from './gitlab-run.ts';

let issuer: TestIssuer;
beforeAll(async () => void (issuer = await startTestIssuer()));
afterAll(() => issuer.close());

/** As https://docs.gitlab.com/ci/secrets/id_token_authentication/ has them. */
const claims = {
  project_path: 'acme/llms/hello-llm',
  project_id: '1001',
  pipeline_id: '42',
  ref: 'main',
  ref_type: 'branch',
  ref_protected: 'true',
};

async function portal() {
  const { server } = await startTestPortal({ config: { gitlab: { url: issuer.url, projects: ['acme/**'] } } });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const send = async (token: string, body: object = sampleDelivery()) => {
    const answer = await request(server).post('/api/fairway/deliveries').set(bearer(token)).send(body);
    return { status: answer.status, message: String(answer.body.error?.message ?? '') };
  };
  const read = (path: string) => request(server).get(`/api/fairway${path}`).set(bearer(tokens.all));
  return { send, read };
}

test('a pipeline of a project that may deliver stores its delivery, which belongs to that project', async () => {
  const { send, read } = await portal();
  const sample = sampleDelivery();
  expect(await send(await issuer.token(claims), sample)).toEqual({ status: 200, message: '' });
  const delivery = await read(`/deliveries/${sample.record.id}`);
  expect(delivery.body.origin).toBe(`${issuer.url}/acme/llms/hello-llm/-/pipelines/42`);
  const other = { ...claims, project_path: 'acme/other', project_id: '1002' };
  expect(await send(await issuer.token(other), sample)).toMatchObject({
    status: 403,
    message: expect.stringMatching(/not sent by the repository acme.other/),
  });
  const moved = { ...claims, project_path: 'acme/hello-llm' };
  expect((await send(await issuer.token(moved), sample)).status).toBe(200);
});

test.each([
  ['of another project', { project_path: 'evil/hello-llm' }, 403, /from the project evil.hello-llm/],
  ['of a branch that is not protected', { ref: 'try', ref_protected: 'false' }, 403, /from try of acme.*not protected/],
  ['of no job', { pipeline_id: undefined }, 401, /not of a CI job: pipeline_id/],
  ['for another audience', { aud: 'sts.test' }, 401, /meant for sts.test, and .* for http:..portal.test/],
  ['of another commit', { sha: '0'.repeat(40) }, 403, /is of the commit ca58f80f.*run may only send/],
])('a token that is %s is rejected and nothing is stored', async (_name, given, status, message) => {
  const { send, read } = await portal();
  const answer = await send(await issuer.token({ ...claims, ...given }));
  expect([answer.status, answer.message]).toEqual([status, expect.stringMatching(message)]);
  expect((await read('/services')).body).toEqual({ items: [] });
});

test('a portal without fairway.gitlab says that it takes no tokens of gitlab.com', async () => {
  const { server } = await startTestPortal();
  const token = await issuer.token({ ...claims, iss: 'https://gitlab.com' });
  const answer = await request(server).post('/api/fairway/deliveries').set('authorization', `Bearer ${token}`).send({});
  expect([answer.status, answer.body.error.message]).toEqual([401, expect.stringContaining('fairway.gitlab')]);
});

test('the public GitLab is the default, and a project of no pattern is an error', () => {
  const settings = (gitlab: object) =>
    gitlabSettings(new ConfigReader({ backend: { baseUrl: 'https://portal.test/' }, fairway: { gitlab } }));
  const of = settings({ projects: ['acme/*'] });
  expect(of).toEqual({ url: 'https://gitlab.com', audience: 'https://portal.test', projects: ['acme/*'] });
  expect(() => settings({})).toThrow(/fairway.gitlab.projects is empty/);
  const payload = { ...claims, project_path: 'Acme/chat', sha: 'ca58f80f2117378b67eae20b9a5f197c1da3434a' };
  expect(of && gitlabRun(payload, of).url).toBe('https://gitlab.com/Acme/chat/-/pipelines/42');
});
