import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withFieldTable } from './reference-page.ts';
import { serviceJsonSchema } from './schema.ts';

// `npm run schema -w packages/service`: the file that editors read and the table that people read; a test compares both with the schema
await writeFile(
  join(import.meta.dirname, '..', 'fairway.schema.json'),
  `${JSON.stringify(serviceJsonSchema(), null, 2)}\n`,
);
const page = join(import.meta.dirname, '../../../docs/fairway-yaml.md');
await writeFile(page, withFieldTable(await readFile(page, 'utf8')));
