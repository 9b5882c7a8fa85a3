import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awsAuthorization } from '../../../../test/fixtures/aws-authorization.ts';
import { prometheus } from '../prometheus/index.ts';
import { awsCredentials } from './credentials.ts';

const region = 'eu-central-1';
const right = { accessKeyId: 'AKIDRIGHT', secretAccessKey: 'right-secret', sessionToken: 'session/+==' };
const seen: string[] = [];
const server = createServer((request, response) => {
  void (async () => {
    const { searchParams } = new URL(request.url ?? '', 'http://server');
    seen.push(searchParams.get('query') ?? '');
    if (
      request.headers.authorization !==
      (await awsAuthorization(request, { region, service: 'aps', credentials: right }))
    )
      return response.writeHead(403).end('{"message":"The request signature we calculated does not match"}');
    const result = [{ metric: {}, value: [0, '7'] }];
    response.end(JSON.stringify({ status: 'success', data: { result, groups: [] } }));
  })();
});
let url: string;
let root: string;

beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/workspaces/ws-1`;
  root = await mkdtemp(join(tmpdir(), 'fairway-aws-'));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(root, { recursive: true });
});

const signing = (credentials: () => Promise<typeof right>) => ({ aws: { region, service: 'aps', credentials } });

test.each([
  'up',
  'sum by (le) (rate(a:b_bucket{job="fairway/llm/hello",le=~"1|2\\\\.5"}[5m])) + 1 * 2 or vector(0)',
  "a{b='ü ~!'}",
])('AWS would let in a request that asks %s', async query => {
  const asked = prometheus(
    url,
    undefined,
    signing(async () => right),
  );
  expect(await asked.query(query)).toEqual([{ metric: {}, value: 7 }]);
  expect(seen.at(-1)).toBe(query);
});

test('names that come several times are signed too', async () => {
  const asked = prometheus(
    url,
    undefined,
    signing(async () => right),
  );
  expect(await asked.rules(['fairway:llm/hello:b', 'fairway:llm/hello:a'])).toEqual([]);
});

test('a wrong secret is denied and not shown', async () => {
  const asked = prometheus(
    url,
    undefined,
    signing(async () => ({ ...right, secretAccessKey: 'wrong-secret' })),
  );
  const said = String(await asked.query('up').catch((error: unknown) => error));
  expect(said).toMatch(/ended with 403: .*signature we calculated does not match/);
  expect(said).not.toMatch(/wrong-secret|session/);
});

test('credentials that AWS denies are asked for anew, once', async () => {
  const asked: boolean[] = [];
  const credentials = async (renew: boolean) => {
    asked.push(renew);
    return renew ? right : { ...right, sessionToken: 'ended' };
  };
  const server = prometheus(url, undefined, { aws: { region, service: 'aps', credentials } });
  expect(await server.query('up')).toHaveLength(1);
  expect(asked).toEqual([false, true]);
});

describe('credentials', () => {
  const program = async (name: string, script: string) => {
    const folder = await mkdtemp(join(root, `${name}-`));
    await writeFile(join(folder, 'aws'), `#!/bin/sh\necho run >> ${folder}/runs\n${script}\n`, { mode: 0o755 });
    return { PATH: `${folder}:${process.env['PATH']}`, folder };
  };

  test('of the environment', async () => {
    const environment = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_SESSION_TOKEN: 'c' };
    expect(await awsCredentials(environment)(false)).toEqual({
      accessKeyId: 'a',
      secretAccessKey: 'b',
      sessionToken: 'c',
    });
  });

  test("of AWS's command line, until they end", async () => {
    const printed = (expiration: string) =>
      JSON.stringify({ Version: 1, AccessKeyId: 'x', SecretAccessKey: 'y', SessionToken: 'z', Expiration: expiration });
    for (const [expiration, runs] of [
      [new Date(Date.now() + 3_600_000).toISOString(), 1],
      [new Date(Date.now() + 60_000).toISOString(), 2],
    ] as const) {
      const { folder, ...environment } = await program(
        'aws',
        `[ "$*" = "configure export-credentials --format process" ] && echo '${printed(expiration)}'`,
      );
      const credentials = awsCredentials(environment);
      expect(await credentials(false)).toEqual({ accessKeyId: 'x', secretAccessKey: 'y', sessionToken: 'z' });
      await credentials(false);
      expect((await readFile(join(folder, 'runs'), 'utf8')).split('\n')).toHaveLength(runs + 1);
    }
  });

  test('that are nowhere', async () => {
    await expect(awsCredentials({ PATH: root })(false)).rejects.toThrow(
      /aws configure export-credentials .*AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which are not set/,
    );
    const silent = await program('silent', 'echo hush-hush');
    const said = String(await awsCredentials(silent)(false).catch((error: unknown) => error));
    expect(said).toMatch(/printed no credentials/);
    expect(said).not.toContain('hush-hush');
  });
});
