import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hubDouble } from '../../../test/fixtures/hub-double.ts';
import type { HubDouble } from '../../../test/fixtures/hub-double.ts';

const main = join(import.meta.dirname, 'main.ts');
const files = {
  'README.md': Buffer.from('# An adapter'),
  'checkpoint-9/adapter_config.json': Buffer.from('{"peft_type":"LORA","r":8}'),
  'checkpoint-9/adapter_model.safetensors': Buffer.alloc(300_000, 'adapter '),
  'checkpoint-9/optimizer.pt': Buffer.from('pickle'),
};
let folder: string;
let hub: HubDouble;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-adapter-'));
  hub = await hubDouble(files);
});
afterEach(async () => {
  await hub.close();
  await rm(folder, { recursive: true });
});

/** What the program of the init container says. */
function pulled(inside = ''): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...{ HOME: folder, PULL: 'hub', FOLDER: folder, NAME: 'sql', HF_ENDPOINT: hub.url },
        REFERENCE: `hf://team/tiny@${hub.commit}${inside}`,
      },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += chunk));
    child.on('error', reject);
    child.on('close', code => resolve({ code, said }));
  });
}

test('a folder of a repository becomes an adapter, without what no engine loads, and the next pod of the volume finds it', async () => {
  expect(await pulled('/checkpoint-9')).toMatchObject({ code: 0, said: expect.stringContaining('is there: 2 files') });
  expect((await readdir(join(folder, 'sql'))).toSorted()).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
  const content = await readFile(join(folder, 'sql/adapter_model.safetensors'));
  expect(content.equals(files['checkpoint-9/adapter_model.safetensors'])).toBe(true);
  const asked = hub.asked.length;
  expect(await pulled('/checkpoint-9')).toMatchObject({ code: 0, said: expect.stringContaining('is there already') });
  expect(hub.asked).toHaveLength(asked);
});

test('a file that is not the one of the commit is refused, and leaves nothing', async () => {
  hub.changed.set('checkpoint-9/adapter_model.safetensors', Buffer.alloc(300_000, 'another '));
  const { code, said } = await pulled();
  expect(said).toMatch(/\nThe adapter was not pulled\. checkpoint-9\/adapter_model\.safetensors.*SHA-256/);
  expect(code).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test('a repository that is not there says so', async () => {
  const { code, said } = await pulled('/nothing');
  expect(said).toMatch(/^The adapter was not pulled\. team\/tiny .*nothing/m);
  expect(code).toBe(1);
});
