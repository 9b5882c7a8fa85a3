import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { engineNames } from '@fairway/service/engine-names';
import { withEngineTable, withImageTable } from './engine-table.ts';
import { engineProfile } from './profile.ts';
import { versionIn } from './version.ts';

const docs = join(import.meta.dirname, '../../../docs');

test.each([
  ['fairway-yaml.md', withEngineTable, '| `fastchat` |'],
  ['engines.md', withImageTable, '| `vllm` | `docker.io/vllm/vllm-openai:v'],
])('docs/%s has its table; `npm run reference -w packages/engines` writes it', async (name, withTable, row) => {
  const page = await readFile(join(docs, name), 'utf8');
  expect(page).toBe(withTable(page));
  expect(page).toContain(row);
});

const images = engineNames.flatMap(name => (engineProfile(name).images ?? []).map(image => [name, image] as const));

test.each(images)('the image of %s %s is one of a version, by digest where one is known', (name, image) => {
  expect(image).toMatch(/^[a-z.]+\/[a-z./-]+:[\w.-]+(@sha256:[0-9a-f]{64})?$/);
  // a build of llama.cpp has a number, and no version
  if (name !== 'llamacpp') expect(versionIn(name, `FROM ${image}`)).toMatch(/^\d+\.\d+\.\d+$/);
});
