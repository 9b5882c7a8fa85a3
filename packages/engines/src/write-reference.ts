import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withEngineTable } from './engine-table.ts';

// `npm run reference -w packages/engines`: the table that people read; a test compares it with the profiles
const page = join(import.meta.dirname, '../../../docs/fairway-yaml.md');
await writeFile(page, withEngineTable(await readFile(page, 'utf8')));
