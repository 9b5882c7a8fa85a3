import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFiles } from './files.ts';
import { newFolder } from '../../../test/fixtures/new-folder.ts';

test('files are replaced, and put back as they were', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'old.yml'), 'before');
  const putBack = await replaceFiles(
    new Map([
      [join(folder, 'old.yml'), 'after'],
      [join(folder, 'new.yml'), 'new'],
    ]),
  );
  expect(readdirSync(folder).sort()).toEqual(['new.yml', 'old.yml']);
  expect(readFileSync(join(folder, 'old.yml'), 'utf8')).toBe('after');
  await putBack();
  expect(readdirSync(folder)).toEqual(['old.yml']);
  expect(readFileSync(join(folder, 'old.yml'), 'utf8')).toBe('before');
});
