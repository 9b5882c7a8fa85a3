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
import { sampleDelivery } from '../../plugins/fairway-backend/src/testing/sample-delivery.ts';
import { openBrowser } from '../browser/portal-browser.ts';
import { guestOf } from '../e2e/portal-guest.ts';
import { startBuiltPortal } from './built-portal.ts';
import { FreshApp, newestAndYearBefore } from './fresh-app.ts';
import { applyEdit, readmeSteps } from './readme-steps.ts';

const root = join(__dirname, '../..');
const token = 'a token that the installation test sends';
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
      await use(app, steps.configurations);
    } finally {
      await rm(scratch, { recursive: true });
    }

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

/** What somebody does who has installed the plugins: sends a delivery, and looks at its service. */
async function use(app: FreshApp, configurations: readonly string[]): Promise<void> {
  const environment = { FAIRWAY_PORTAL_TOKEN: token, GITHUB_TOKEN: 'none' };
  const portal = await startBuiltPortal(app.folder, configurations, environment);
  try {
    const sent = await fetch(`${portal.url}/api/fairway/deliveries`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(sampleDelivery({ service: 'hello-llm', owner: 'team-hello' })),
    });
    expect([sent.status, sent.ok ? '' : await sent.text()]).toEqual([expect.any(Number), '']);
    const guest = await guestOf(portal.url);
    await guest.eventually('/api/catalog/entities/by-name/component/default/hello-llm');
    const actions = await guest.get<{ id: string }[]>('/api/scaffolder/v2/actions');
    expect(actions.map(({ id }) => id)).toEqual(expect.arrayContaining(['fairway:validate', 'fairway:deliver']));
    await look(portal.url);
  } finally {
    await portal.stop();
  }
}

async function look(url: string): Promise<void> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ baseURL: url, locale: 'en' });
    page.setDefaultTimeout(120_000);
    const failures: string[] = [];
    page.on('pageerror', error => failures.push(error.message));
    await page.goto('/fairway');
    // a fresh portal asks who one is, or lets its guest in by itself
    await page
      .getByRole('button', { name: 'Enter' })
      .or(page.getByRole('tab', { name: 'Services' }))
      .first()
      .waitFor();
    const enter = page.getByRole('button', { name: 'Enter' });
    if (await enter.isVisible()) await enter.click();
    await page.getByRole('tab', { name: 'Services' }).click();
    await page.getByRole('link', { name: 'hello-llm' }).first().waitFor();
    await page.goto('/catalog/default/component/hello-llm');
    await page.getByRole('tab', { name: 'Delivery' }).click();
    await page.getByText('Load test').first().waitFor();
    // a class that the plugin's own style sheet lays out
    const flow = page.locator('[class*="fairway-"]').first();
    expect(await flow.evaluate(element => getComputedStyle(element).display)).toMatch(/flex|grid/);
    expect(failures).toEqual([]);
  } finally {
    await browser.close();
  }
}

async function nameIn(file: string): Promise<string> {
  const { stdout } = await promisify(execFile)('tar', ['-xzOf', file, 'package/package.json']);
  return (JSON.parse(stdout) as { name: string }).name;
}
