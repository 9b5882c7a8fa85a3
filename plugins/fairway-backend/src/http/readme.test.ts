import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { operations, type Operations } from '@fairway/backstage-plugin-fairway-common';
import { accessRules } from './access-rules.ts';

test('the README lists every operation with its permission', async () => {
  const readme = await readFile(join(__dirname, '..', '..', 'README.md'), 'utf8');
  const listed = [...readme.matchAll(/^\| `((?:GET|POST) \S+)` +\| `(\S+)` +\|/gm)].map(row => [row[1], row[2]]);
  const names = Object.keys(operations) as (keyof Operations)[];
  expect(listed).toEqual(
    names.map(name => [
      `${operations[name].method.toUpperCase()} ${operations[name].path}`,
      accessRules[name].permission.name,
    ]),
  );
});
