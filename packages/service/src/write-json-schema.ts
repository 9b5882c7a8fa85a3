import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serviceJsonSchema } from './schema.ts';

// `npm run schema -w packages/service`: the file that editors read; a test compares it with the schema
await writeFile(
  join(import.meta.dirname, '..', 'fairway.schema.json'),
  `${JSON.stringify(serviceJsonSchema(), null, 2)}\n`,
);
