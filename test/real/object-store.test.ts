import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keys, versityGateway } from '../versity-gateway.ts';

jest.setTimeout(15 * 60_000);

const main = join(import.meta.dirname, '../../services/weights/src/main.ts');
let root: string;
let model: string;
let endpoint: string;
let store: Awaited<ReturnType<typeof versityGateway>>;
let digest: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-object-store-'));
  model = join(root, 'store/models/team/tiny v1+q4');
  await mkdir(join(model, 'sub'), { recursive: true });
  await mkdir(join(root, 'weights'));
  await writeFile(join(model, 'config.json'), '{}');
  await writeFile(join(model, 'sub/model.safetensors'), randomBytes(50 << 20));
  const sums = execFileSync('sha256sum', ['config.json', 'sub/model.safetensors'], { cwd: model });
  await writeFile(join(model, 'SHA256SUMS'), sums);
  digest = execFileSync('sha256sum', { input: sums }).toString().split(' ')[0]!;
  store = await versityGateway(join(root, 'store'));
  endpoint = store.endpoint;
});
afterAll(async () => {
  await store?.stop();
  await rm(root, { recursive: true });
});

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
