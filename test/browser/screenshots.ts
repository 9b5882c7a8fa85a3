/** npm run screenshots [-- service]: pictures of the portal that runs on this machine, for the README and docs/. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runningPortal } from '@fairway/platform';
import { openBrowser, signInAsGuest } from './portal-browser.ts';
import { viewsOf } from './views.ts';

const service = process.argv[2] ?? 'hello-llm';
const folder = join(import.meta.dirname, '../../docs/images');
const portal = await runningPortal();
if (!portal) throw new Error('No portal runs on this machine: npm start brings one up with a service in it.');
await mkdir(folder, { recursive: true });
const browser = await openBrowser();

await picture('services');
await picture('delivery');
await picture('pods');
await picture('gpu');
await picture('alerts');
await picture('engines');
await picture('overview');
await picture('usage');
await picture('create');
await picture('delivery', { language: 'zh', colorScheme: 'dark' });
await browser.close();

async function picture(
  name: keyof ReturnType<typeof viewsOf>,
  as: { language?: 'en' | 'zh'; colorScheme?: 'light' | 'dark' } = {},
): Promise<void> {
  const page = await signInAsGuest(browser, { url: portal?.url ?? '', ...as });
  const view = viewsOf(service)[name];
  await page.goto(view.path);
  await page.locator('#root').getByText(view.meaning).last().waitFor();
  // what is still loading, and what moves in
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(500);
  const file = join(folder, `portal-${[name, as.language].filter(Boolean).join('-')}.png`);
  await page.screenshot({ path: file, animations: 'disabled' });
  process.stdout.write(`${file}\n`);
  await page.context().close();
}
