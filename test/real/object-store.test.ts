import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bringParts } from '../bring-parts.ts';

jest.setTimeout(15 * 60_000);

/** An object store over a folder, which looks at every signature: each folder is a bucket. */
const gateway = {
  kind: 'go-module',
  name: 'versitygw',
  module: 'github.com/versity/versitygw',
  version: 'v1.8.0',
  sum: 'h1:au+wI+aybno/STsQiSm35Uu6Q6iK5MWReQxgO6SEMFc=',
  main: './cmd/versitygw',
} as const;

const main = join(import.meta.dirname, '../../services/weights/src/main.ts');
const keys = { AWS_ACCESS_KEY_ID: 'AKIDRIGHT', AWS_SECRET_ACCESS_KEY: 'right-secret' };
let root: string;
let model: string;
let endpoint: string;
let server: ChildProcess;
let digest: string;

beforeAll(async () => {
  const program = join((await bringParts([], [gateway])).get('versitygw') ?? '', 'versitygw');
  root = await mkdtemp(join(tmpdir(), 'fairway-object-store-'));
  model = join(root, 'store/models/team/tiny v1+q4');
  await mkdir(join(model, 'sub'), { recursive: true });
  await mkdir(join(root, 'weights'));
  await writeFile(join(model, 'config.json'), '{}');
  await writeFile(join(model, 'sub/model.safetensors'), randomBytes(50 << 20));
  const sums = execFileSync('sha256sum', ['config.json', 'sub/model.safetensors'], { cwd: model });
  await writeFile(join(model, 'SHA256SUMS'), sums);
  digest = execFileSync('sha256sum', { input: sums }).toString().split(' ')[0]!;
  const port = await freePort();
  endpoint = `http://127.0.0.1:${port}`;
  server = spawn(program, ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', join(root, 'store')], {
    stdio: 'ignore',
    env: { ...process.env, ROOT_ACCESS_KEY: keys.AWS_ACCESS_KEY_ID, ROOT_SECRET_KEY: keys.AWS_SECRET_ACCESS_KEY },
  });
  for (let answers = false; !answers; await sleep(100))
    answers = await fetch(endpoint).then(
      () => true,
      () => false,
    );
});
afterAll(async () => {
  server?.kill();
  await rm(root, { recursive: true });
});

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** What the program of the init container says. */
function pulled(environment: Readonly<Record<string, string>> = keys): { code: number | null; said: string } {
  try {
    const said = execFileSync(process.execPath, [main], {
      stdio: 'pipe',
      encoding: 'utf8',
      env: {
        ...{ HOME: root, FOLDER: join(root, 'weights'), BUCKET: 's3://models/team/tiny v1+q4', ENDPOINT: endpoint },
        ...{ HASHES: `sha256:${digest}`, NAME: digest, AWS_EC2_METADATA_DISABLED: 'true' },
        ...environment,
      },
    });
    return { code: 0, said };
  } catch (error) {
    const { status, stderr } = error as { readonly status: number; readonly stderr: string };
    return { code: status, said: stderr };
  }
}

test('a store that looks at signatures gives the model to who has the key, once', async () => {
  expect(pulled()).toMatchObject({ code: 0, said: expect.stringContaining('2 of 2 files are there') });
  const [from, to] = await Promise.all(
    [model, join(root, 'weights', digest)].map(folder => readFile(join(folder, 'sub/model.safetensors'))),
  );
  expect(from?.equals(to!)).toBe(true);
  expect(pulled()).toMatchObject({ code: 0, said: expect.stringContaining('is there already') });
});

test('a wrong key, a wrong region and a bucket that is not there say what to do', async () => {
  await rm(join(root, 'weights', `${digest}.json`));
  for (const [environment, expected] of [
    [{ ...keys, AWS_SECRET_ACCESS_KEY: 'wrong' }, /did not let .* be read \(SignatureDoesNotMatch/],
    [{ ...keys, REGION: 'eu-west-1' }, /lies in another region.*expecting "us-east-1".*model\.weights\.region/],
    [{ ...keys, BUCKET: 's3://nothing/tiny' }, /has no bucket of s3:\/\/nothing\/tiny/],
    [{ ...keys, BUCKET: 's3://models/none' }, /s3:\/\/models\/none\/SHA256SUMS is not in the bucket/],
    [{}, /There are no credentials to read/],
  ] as const) {
    const { code, said } = pulled(environment);
    expect(said).toMatch(expected);
    expect(said).not.toMatch(/right-secret|wrong$/m);
    expect(code).toBe(1);
  }
});

test('a byte that changed under the digest is noticed', async () => {
  const file = await open(join(model, 'sub/model.safetensors'), 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 1000);
  await file.write(Buffer.from([buffer[0]! ^ 1]), 0, 1, 1000);
  await file.close();
  const { code, said } = pulled();
  expect(said).toMatch(/^The model was not pulled\. sub\/model\.safetensors of .* is not what SHA256SUMS has/);
  expect(code).toBe(1);
  // the folder of the first test, which lacks its word, is not touched before there is a better one
  expect(await readdir(join(root, 'weights'))).toEqual([digest]);
});
