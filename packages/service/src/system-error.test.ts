import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { english } from './reasons/delivery-reason.ts';
import { systemFault } from './system-error.ts';
import { newFolder } from '../../../test/fixtures/new-folder.ts';

const text = (error: unknown) => {
  const fault = systemFault(error);
  return fault && english(fault);
};

const said = (tried: Promise<unknown>) =>
  tried.then(
    () => 'it worked',
    (error: unknown) => text(error),
  );

test('what the machine does not allow is said with its path, and what a program did wrong is not', async () => {
  const folder = newFolder();
  const file = join(folder, 'file');
  await writeFile(file, '');
  await symlink('loop', join(folder, 'loop'));
  expect(await said(readFile(join(folder, 'loop')))).toBe(
    `${folder}/loop: its symbolic links lead in a circle. Correct them (open: ELOOP).`,
  );
  expect(await said(mkdir(file, { recursive: true }))).toMatch(/file: a file is where a folder should be\..*EEXIST/);
  expect(await said(writeFile(join(file, 'below'), ''))).toMatch(/below: a file is where a folder should be\./);
  expect(await said(readFile(folder))).toMatch(/a folder is where a file should be\./);
  expect(await said(readFile(join(folder, 'none')))).toBeUndefined();
  expect(text(new TypeError('x is undefined'))).toBeUndefined();
  // as process.cwd() of Node throws it
  const gone = Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'uv_cwd' });
  expect(text(gone)).toMatch(/^The folder that this runs in is gone\./);
});

// full(4): a write to it fails as on a full disk
(process.platform === 'linux' ? test : test.skip)('a full disk is said', async () => {
  expect(await said(writeFile('/dev/full', 'text'))).toMatch(/^.*: the disk is full\. Make room/);
});
