import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withEngineTable } from './engine-table.ts';

test('docs/fairway-yaml.md has the table of the engines; `npm run reference -w packages/engines` writes it', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../docs/fairway-yaml.md'), 'utf8');
  expect(page).toBe(withEngineTable(page));
  expect(page).toContain('| `fastchat` |');
});
