import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser, signInAsGuest } from '../portal-browser.ts';

export const entity = '/catalog/models/component/chat';

/** The pages that people open first, each with a text that is there once it shows what it is for. */
export const pages = {
  home: { path: '/fairway/home', meaning: /Burning: / },
  services: { path: '/fairway/services', meaning: 'embeddings' },
  service: { path: entity, meaning: 'Output tokens a second' },
  deployments: { path: '/fairway/deployments', meaning: 'embeddings' },
  gpu: { path: '/fairway/gpu', meaning: 'Pods that wait for GPUs' },
  alerts: { path: '/fairway/alerts', meaning: 'FairwayErrorBudgetBurn' },
} as const;

const folder = join(import.meta.dirname, '../../../docs/images');

/** A picture of each page in both themes, as `fleet-<page>.png` and `fleet-<page>-dark.png`. */
export async function takePictures(url: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const browser = await openBrowser();
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await signInAsGuest(browser, { url, colorScheme });
    for (const [name, { path, meaning }] of Object.entries(pages)) {
      await page.goto(path);
      await page.locator('#root').getByText(meaning).last().waitFor({ timeout: 120_000 });
      await page.waitForLoadState('networkidle');
      await page.waitForTimeout(500);
      const file = join(folder, `fleet-${name}${colorScheme === 'dark' ? '-dark' : ''}.png`);
      await page.screenshot({ path: file, animations: 'disabled' });
      process.stdout.write(`${file}\n`);
    }
    await page.context().close();
  }
  await browser.close();
}
