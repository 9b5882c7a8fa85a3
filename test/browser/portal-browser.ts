import { type Browser, type Page, chromium as playwright } from 'playwright-core';
import { chromium } from './chromium.ts';

/** A headless Chromium. The sandbox of its pages needs a user other than root, who runs the local platform. */
export async function openBrowser(): Promise<Browser> {
  const { program, environment } = await chromium();
  return playwright.launch({
    executablePath: program,
    env: environment,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}

export interface VisitorOptions {
  readonly url: string;
  readonly language?: 'en' | 'zh';
  readonly colorScheme?: 'light' | 'dark';
}

/** A window of its own at the front page. The portal of a laptop lets its guest in by itself. */
export async function signInAsGuest(browser: Browser, options: VisitorOptions): Promise<Page> {
  const { url, language = 'en', colorScheme = 'light' } = options;
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: 1440, height: 900 },
    locale: language,
    colorScheme,
  });
  await context.addInitScript(chosen => localStorage.setItem('language', chosen), language);
  const page = await context.newPage();
  await page.goto('/');
  await page.getByRole('link', { name: 'Fairway' }).first().waitFor();
  return page;
}
