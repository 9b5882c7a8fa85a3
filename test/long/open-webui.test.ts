import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { platformTemplate } from '@fairway/platform/serving/overlay';
import { copyExample, editService } from '../e2e/example-copy.ts';
import { expectPass, fairway } from '../e2e/fairway-command.ts';
import { platform } from '../e2e/platform.ts';
import { removeService } from '../remove-service.ts';
import { within } from '../within.ts';
import { closedByKeycloak } from './closed-by-keycloak.ts';
import { startKeycloak } from './keycloak.ts';
import type { Keycloak } from './keycloak.ts';
import { logInWithKeycloak, signUp } from './open-webui-login.ts';
import { openPage } from './open-webui-page.ts';
import type { OpenWebUiPage } from './open-webui-page.ts';
import { startOpenWebUi } from './open-webui.ts';
import type { OpenWebUi } from './open-webui.ts';

jest.setTimeout(40 * 60_000);

// Open WebUI itself, by what its page asks of it.

let openWebUi: OpenWebUi | undefined;
const pages: OpenWebUiPage[] = [];

afterEach(async () => {
  for (const page of pages.splice(0)) page.close();
  await openWebUi?.stop();
  openWebUi = undefined;
});

describe('with one token for everybody', () => {
  const name = 'hello-open-webui';
  const model = 'open-webui-tiny';
  let folder: string;

  beforeAll(async () => {
    folder = await copyExample(name);
    // its tasks ask with a thousand words each
    const context = '8192';
    await promisify(execFile)('python3', ['make-model.py', '--context', context], { cwd: folder });
    await editService(folder, text =>
      text
        .replace(/^ {2}name: hello-tiny$/m, `  name: ${model}`)
        .replace(/contextLength: .*$/m, `contextLength: ${context}`)
        .replace(/^ {2}memory: .*$/m, '  memory: 512Mi'),
    );
    expectPass(await fairway(['deliver', folder, '--to', 'mesh', '--json']));
  });

  afterAll(async () => {
    await removeService(platform, name);
    await rm(folder, { recursive: true });
  });

  test('lists the model, streams a chat, and names it by tasks of its own; each request stands in the ledger', async () => {
    const { stdout } = await fairway(['token', '--json']);
    const { baseUrl, token } = JSON.parse(stdout) as { baseUrl: string; token: string };
    openWebUi = await startOpenWebUi({
      OPENAI_API_BASE_URL: baseUrl,
      OPENAI_API_KEY: token,
      ENABLE_FORWARD_USER_INFO_HEADERS: 'true',
    });
    const page = await openPage(openWebUi.url, await signUp(openWebUi.url));
    pages.push(page);
    expect(await page.models()).toContain(model);
    const before = await used();
    const sql = "Explain: SELECT * FROM users WHERE id = 1 OR 1=1; -- <script>alert('1')</script> cat /etc/passwd | sh";
    // its own tools are more than the model's context
    const { pieces, error } = await page.chat(model, sql, { params: { function_calling: 'legacy' } });
    expect(error).toBeUndefined();
    expect(pieces.length).toBeGreaterThan(1);
    await within(60)(async () => {
      const now = await used();
      // the answer, the title, tags and what to ask next
      expect(now.requests - before.requests).toBe(4);
      expect(now.failed).toBe(before.failed);
      expect(now.promptTokens).toBeGreaterThan(before.promptTokens);
      expect(now.completionTokens).toBeGreaterThan(before.completionTokens);
    });
  });

  async function used() {
    const { stdout } = expectPass(await fairway(['usage', '--by', 'service', '--json']));
    const { usage } = JSON.parse(stdout) as { usage: (Counts & { group: object })[] };
    const nothing: Counts = { requests: 0, failed: 0, promptTokens: 0, completionTokens: 0 };
    return usage.find(({ group }) => JSON.stringify(group).includes(`${name}/${name}`)) ?? nothing;
  }
});

interface Counts {
  readonly requests: number;
  readonly failed: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

describe("with each person's own token", () => {
  const namespace = `fairway-open-webui-${process.pid}`;
  const hostname = 'open-webui-test.example.com';
  const people = { writer: ['llm:chat'], reader: ['llm:read'] };
  const secret = 'of-open-webui';
  const password = 'of-a-person';
  let keycloak: Keycloak;
  let remove: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    keycloak = await startRealm();
    remove = await closedByKeycloak(keycloak, { namespace, hostname });
  });

  afterAll(async () => {
    await keycloak?.stop();
    await remove?.();
  });

  test('asks with the rights of whoever has logged in', async () => {
    openWebUi = await startOpenWebUi({
      OPENAI_API_BASE_URL: `${platform.gateway.url}/v1`,
      OPENAI_API_KEY: 'nobody',
      ENABLE_OAUTH_SIGNUP: 'true',
      OAUTH_CLIENT_ID: 'open-webui',
      OAUTH_CLIENT_SECRET: secret,
      OPENID_PROVIDER_URL: `${keycloak.url}/realms/fairway/.well-known/openid-configuration`,
      // what a person may use is said by the token
      DEFAULT_USER_ROLE: 'user',
      BYPASS_MODEL_ACCESS_CONTROL: 'true',
    });
    const [writer, reader] = [await open('writer'), await open('reader')];
    const config = await writer.ask<object>('/openai/config');
    const connection = { enable: true, auth_type: 'system_oauth', model_ids: ['tiny'], headers: { Host: hostname } };
    await writer.ask('/openai/config/update', { ...config, OPENAI_API_CONFIGS: { 0: connection } });
    for (const page of [writer, reader]) expect(await page.models()).toEqual(['tiny']);
    // a policy takes effect a moment after it is accepted
    await within(30)(async () =>
      // in Envoy's words: the policy that makes errors of OpenAI's API is not among what is applied
      expect((await reader.chat('tiny', 'hello')).error).toMatchObject({ content: 'RBAC: access denied' }),
    );
    // let in: the route has no Service
    const { error } = await writer.chat('tiny', 'hello');
    expect(error).toBeDefined();
    expect(JSON.stringify(error)).not.toContain('RBAC');
  });

  async function open(person: keyof typeof people): Promise<OpenWebUiPage> {
    const { url } = openWebUi!;
    const page = await openPage(url, await logInWithKeycloak(url, person, password));
    pages.push(page);
    return page;
  }

  /** The realm of the platform folder with a client for Open WebUI and people. */
  async function startRealm(): Promise<Keycloak> {
    const folder = await mkdtemp(join(tmpdir(), 'fairway-realm-'));
    const file = await readFile(join(platformTemplate, 'parts/keycloak/realm.json'), 'utf8');
    const realm = JSON.parse(file) as { clients: { protocolMappers: object[] }[]; users: object[] };
    const client = { clientId: 'open-webui', secret, standardFlowEnabled: true, redirectUris: ['*'] };
    const user = (username: string, realmRoles: readonly string[]) => ({
      ...{ username, realmRoles, enabled: true, email: `${username}@example.com`, emailVerified: true },
      ...{ firstName: username, lastName: 'Doe', credentials: [{ type: 'password', value: password }] },
    });
    const changed = {
      ...realm,
      clients: [...realm.clients, { ...client, protocolMappers: realm.clients[0]!.protocolMappers }],
      users: [...realm.users, ...Object.entries(people).map(([username, roles]) => user(username, roles))],
    };
    try {
      await writeFile(join(folder, 'realm.json'), JSON.stringify(changed));
      return await startKeycloak(join(folder, 'realm.json'), { FAIRWAY_USER_SECRET: 'a', FAIRWAY_VIEWER_SECRET: 'b' });
    } finally {
      await rm(folder, { recursive: true });
    }
  }
});
