import request from 'supertest';
import { UnsecuredJWT } from 'jose';
import { sampleDelivery } from '../testing/sample-delivery.ts';
import { startTestIssuer, type TestIssuer, workflow } from '../testing/test-issuer.ts';
import { startTestPortal, tokens } from '../testing/test-portal.ts';

let issuer: TestIssuer;
beforeAll(async () => void (issuer = await startTestIssuer()));
afterAll(() => issuer.close());

async function portal() {
  const github = {
    issuer: issuer.url,
    server: 'https://github.test',
    repositories: ['acme/*'],
    workflows: ['acme/fairway/.github/workflows/deliver.yml@refs/tags/*'],
  };
  const { server } = await startTestPortal({ config: { github } });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const send = async (token: string, body: object = sampleDelivery()) => {
    const answer = await request(server).post('/api/fairway/deliveries').set(bearer(token)).send(body);
    return { status: answer.status, message: String(answer.body.error?.message ?? '') };
  };
  const read = (path: string, token = tokens.all) => request(server).get(`/api/fairway${path}`).set(bearer(token));
  return { send, read };
}

test('a run of a repository and a workflow that may deliver stores its delivery under its own name', async () => {
  const { send, read } = await portal();
  const sample = sampleDelivery();
  const { record } = sample;
  const source = { ...record.source, docs: 'services/hello' };
  expect(await send(await issuer.token(), { ...sample, record: { ...record, source } })).toEqual({
    status: 200,
    message: '',
  });
  const delivery = await read(`/deliveries/${sample.record.id}`);
  expect(delivery.body.origin).toBe('https://github.test/acme/hello-llm/actions/runs/42');
  const services = await read('/services');
  const repository = 'https://github.test/acme/hello-llm';
  expect(services.body.items[0]).toMatchObject({
    projectSlug: 'acme/hello-llm',
    repository,
    docs: `${repository}/tree/${delivery.body.commit}/services/hello`,
  });
});

test.each([
  ['forged', () => issuer.forgedToken(), 401, /is not one that http.* signed: signature verification failed/],
  ['unsigned', async () => unsigned(), 401, /is not one that http/],
  ['expired', () => issuer.token({ exp: 1_700_000_000 }), 401, /ended at 2023-11-14T22:13:20.000Z/],
  ['without an end', () => issuer.token({ exp: undefined }), 401, /missing required "exp" claim/],
  [
    'for another audience',
    () => issuer.token({ aud: 'sts.test' }),
    401,
    /meant for sts.test, and .* for http:..portal.test/,
  ],
  [
    'of another repository',
    () => issuer.token({ repository: 'evil/hello-llm' }),
    403,
    /from the repository evil.hello-llm/,
  ],
  [
    'of another workflow',
    () => issuer.token({ job_workflow_ref: 'acme/hello-llm/.github/workflows/pr.yml@refs/pull/1/merge' }),
    403,
    /from the workflow acme.hello-llm.*pr.yml/,
  ],
  [
    'of a branch that only looks like a tag',
    () => issuer.token({ job_workflow_ref: `${workflow.replace('tags/v1', 'heads/x')}` }),
    403,
    /from the workflow/,
  ],
  ['of no run', () => issuer.token({ repository_id: undefined }), 401, /not of a workflow run: repository_id/],
  [
    'of another commit',
    () => issuer.token({ sha: '0'.repeat(40) }),
    403,
    /is of the commit ca58f80f.*run may only send/,
  ],
])('a token that is %s is refused and nothing is stored', async (_name, token, status, message) => {
  const { send, read } = await portal();
  const answer = await send(await token());
  expect(answer.status).toBe(status);
  expect(answer.message).toMatch(message);
  expect((await read('/services')).body).toEqual({ items: [] });
});

test('no token, a broken one and one of an unknown issuer are refused', async () => {
  const { send } = await portal();
  for (const token of ['', 'nothing', 'a.b.c', await issuer.token({ iss: 'https://evil.test' })]) {
    expect((await send(token)).status).toBe(401);
  }
});

test('a GitHub token sends deliveries and reads nothing', async () => {
  const { send, read } = await portal();
  const token = await issuer.token();
  const sample = sampleDelivery();
  await send(token, sample);
  for (const path of ['/services', `/deliveries/${sample.record.id}`, '/alerts']) {
    expect((await read(path, token)).status).toBe(401);
  }
});

test('a repository takes over neither a delivery nor a service of another one', async () => {
  const { send } = await portal();
  await send(await issuer.token());
  const stranger = await issuer.token({ repository: 'acme/other', repository_id: '1002' });
  expect(await send(stranger)).toMatchObject({
    status: 403,
    message: expect.stringMatching(/not sent by .*acme.other/),
  });
  const own = sampleDelivery({ id: 'another', begun: '2026-11-25T10:00:00.000Z' });
  expect(await send(stranger, own)).toMatchObject({
    status: 403,
    message: expect.stringMatching(/"hello-llm" is delivered from another repository than acme.other/),
  });
  const renamed = await issuer.token({ repository: 'acme/hello-llm-2', repository_id: '1001' });
  expect((await send(renamed, own)).status).toBe(200);
});

test('a portal that cannot reach the issuer says so, and takes the delivery when it can again', async () => {
  const { send } = await portal();
  issuer.answers(false);
  const answer = await send(await issuer.token());
  issuer.answers(true);
  expect(answer).toMatchObject({ status: 503, message: expect.stringContaining('cannot be verified now') });
  expect((await send(await issuer.token())).status).toBe(200);
});

test('a portal without fairway.github says that it takes no GitHub tokens', async () => {
  const { server } = await startTestPortal();
  const token = await issuer.token({ iss: 'https://token.actions.githubusercontent.com' });
  const answer = await request(server).post('/api/fairway/deliveries').set('authorization', `Bearer ${token}`).send({});
  expect([answer.status, answer.body.error.message]).toEqual([401, expect.stringContaining('fairway.github')]);
});

function unsigned(): string {
  return new UnsecuredJWT({ repository: 'acme/hello-llm' })
    .setIssuer(issuer.url)
    .setAudience('http://portal.test')
    .setIssuedAt()
    .setExpirationTime('5m')
    .encode();
}
