import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFieldTable } from './reference-page.ts';

test('docs/fairway-yaml.md has the table of the schema; `npm run schema -w packages/service` writes them', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../docs/fairway-yaml.md'), 'utf8');
  expect(page).toBe(withFieldTable(page));
  expect(page).toContain('| `objectives.timeToFirstToken.milliseconds` |');
});
