import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serviceJsonSchema } from './schema.ts';

test('the JSON Schema for editors is that of the code; `npm run schema -w packages/service` writes it anew', async () => {
  const committed = await readFile(join(import.meta.dirname, '..', 'fairway.schema.json'), 'utf8');
  expect(JSON.parse(committed)).toEqual(serviceJsonSchema());
});
