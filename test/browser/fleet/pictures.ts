import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser, signInAsGuest } from '../portal-browser.ts';

export const entity = '/catalog/models/component/chat';

/** The pages that people open first, each with a text that is there once it shows what it is for. */
export const pages = {
  home: { path: '/fairway/home', meaning: /Burning: / },
  services: { path: '/fairway/services', meaning: 'embeddings' },
  service: { path: entity, meaning: /Output tokens a second|每秒输出词元/ },
  deployments: { path: '/fairway/deployments', meaning: 'embeddings' },
  gpu: { path: '/fairway/gpu', meaning: 'Pods that wait for GPUs' },
  alerts: { path: '/fairway/alerts', meaning: 'FairwayErrorBudgetBurn' },
  usage: { path: '/fairway/usage', meaning: 'team-search' },
  logs: { path: `${entity}/logs`, meaning: 'POST /v1/chat/completions 403' },
} as const;

const folder = join(import.meta.dirname, '../../../docs/images');

const windows = [
  { ending: '', colorScheme: 'light', language: 'en' },
  { ending: '-dark', colorScheme: 'dark', language: 'en' },
  { ending: '-zh', colorScheme: 'light', language: 'zh' },
] as const;

/** In Chinese those whose texts are mostly sentences and figures of ours. */
const inChinese: readonly string[] = ['service', 'alerts', 'usage', 'logs'];

/** A picture of each page in both themes and some in Chinese, as `fleet-<page>.png`, `fleet-<page>-dark.png` and `fleet-<page>-zh.png`. */
export async function takePictures(url: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const browser = await openBrowser();
  for (const { ending, ...visitor } of windows) {
    const page = await signInAsGuest(browser, { url, ...visitor });
    for (const [name, { path, meaning }] of Object.entries(pages)) {
      if (visitor.language === 'zh' && !inChinese.includes(name)) continue;
      await page.goto(path);
      await page.locator('#root').getByText(meaning).last().waitFor({ timeout: 120_000 });
      await page.waitForLoadState('networkidle');
      await page.waitForTimeout(500);
      const file = join(folder, `fleet-${name}${ending}.png`);
      await page.screenshot({ path: file, animations: 'disabled' });
      process.stdout.write(`${file}\n`);
    }
    await page.context().close();
  }
  await browser.close();
}
