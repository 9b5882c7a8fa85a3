/**
 * Whether somebody else can install the plugins: a portal fresh from @backstage/create-app, the packages as they are published, and
 * nothing but what their READMEs say. FAIRWAY_INSTALL_RELEASES names versions of @backstage/create-app instead of the newest and the
 * one a year before it.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FreshApp, newestAndYearBefore } from './fresh-app.ts';
import { useFirst } from './first-use.ts';
import { applyEdit, readmeSteps } from './readme-steps.ts';

const root = join(__dirname, '../..');
jest.setTimeout(60 * 60 * 1000);

let packages: Readonly<Record<string, string>>;
let packed: string;

beforeAll(async () => {
  packed = await mkdtemp(join(tmpdir(), 'fairway-packages-'));
  const { stdout } = await promisify(execFile)('node', [join(root, 'packages/pack/src/main.ts'), packed], {
    cwd: packed,
  });
  const files = stdout
    .trim()
    .split('\n')
    .map(name => join(packed, name));
  packages = Object.fromEntries(await Promise.all(files.map(async file => [await nameIn(file), file] as const)));
});
afterAll(() => rm(packed, { recursive: true }));

const wanted = process.env['FAIRWAY_INSTALL_RELEASES']?.split(',');
const releases = wanted ?? ['newest', 'a year before'];

describe.each(releases)('Backstage, %s release', release => {
  test.each(['new', 'legacy'] as const)('the plugins go into a fresh portal with the %s frontend', async frontend => {
    const index = releases.indexOf(release);
    const version = wanted ? release : (await newestAndYearBefore())[index];
    if (!version) throw new Error('The registry has no release of a year before.');
    const scratch = await mkdtemp(join(tmpdir(), 'fairway-install-'));
    try {
      const app = new FreshApp(scratch);
      await app.create(version, frontend);
      const steps = await install(app);
      await app.install();
      await app.yarn('tsc');
      await app.yarn('build:backend');
      await useFirst(app.folder, steps.configurations);
    } catch (error) {
      process.stderr.write(`The portal is in ${scratch}; remove it when you have looked at it.\n`);
      throw error;
    }
    await rm(scratch, { recursive: true });

    async function install(app: FreshApp) {
      const plugins = await readdir(join(root, 'plugins'));
      const steps = await readmeSteps(plugins.map(name => join(root, 'plugins', name, 'README.md')));
      expect(new Set(steps.packages.map(({ name }) => name))).toEqual(new Set(Object.keys(packages)));
      for (const { workspace, name } of steps.packages) await app.add(workspace, name, packages);
      const inFrontend = (file: string) => file.startsWith('packages/app/');
      const edits = steps.edits.filter(({ file }) => !inFrontend(file) || frontend === 'legacy');
      expect(edits.filter(({ file }) => inFrontend(file)).length > 0).toBe(frontend === 'legacy');
      for (const edit of edits) await applyEdit(app.folder, edit);
      return steps;
    }
  });
});

async function nameIn(file: string): Promise<string> {
  const { stdout } = await promisify(execFile)('tar', ['-xzOf', file, 'package/package.json']);
  return (JSON.parse(stdout) as { name: string }).name;
}
