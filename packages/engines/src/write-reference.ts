import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withEngineTable, withImageTable } from './engine-table.ts';

// `npm run reference -w packages/engines`: the tables that people read; a test compares them with the profiles
const docs = join(import.meta.dirname, '../../../docs');
for (const [name, withTable] of [
  ['fairway-yaml.md', withEngineTable],
  ['engines.md', withImageTable],
] as const) {
  const page = join(docs, name);
  await writeFile(page, withTable(await readFile(page, 'utf8')));
}
