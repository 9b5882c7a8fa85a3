import { mkdtempSync } from 'node:fs';
import { readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '@backstage/types';
import { parse } from 'yaml';
import { startScaffolder } from './testing/scaffolder.ts';

const folder = join(__dirname, '../../../templates/inference-platform');
const work = mkdtempSync(join(tmpdir(), 'fairway-template-'));

afterAll(() => rm(work, { recursive: true }));

it('gives a team the folder as it is, without what only a laptop needs', async () => {
  const scaffolder = await startScaffolder({ backend: { workingDirectory: work } });
  const template = parse(await readFile(join(folder, 'template.yaml'), 'utf8')) as JsonObject;
  // publish:github is of a module that a portal adds when it publishes there
  const spec = template['spec'] as { steps: { action: string }[] };
  const steps = spec.steps.filter(({ action }) => action !== 'publish:github');
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const files = await Promise.all(
    names.map(async path => ({ path, base64Content: (await readFile(join(folder, path))).toString('base64') })),
  );
  const { status, body } = await scaffolder.dryRun(
    { ...template, spec: { ...spec, steps } },
    { repoUrl: 'github.com?owner=team&repo=platform' },
    files,
  );
  expect({ status, errors: body.errors }).toEqual({ status: 200 });
  const expected = files.filter(({ path }) => path !== 'template.yaml' && !path.startsWith('overlays/laptop/'));
  const byPath = (all: readonly { path: string; base64Content: string }[]) =>
    Object.fromEntries(all.map(({ path, base64Content }) => [path, base64Content]));
  expect(byPath(body.directoryContents)).toEqual(byPath(expected));
});
