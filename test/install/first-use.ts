import type { Page } from 'playwright-core';
import { sampleDelivery } from '../../plugins/fairway-backend/src/testing/sample-delivery.ts';
import { openBrowser } from '../browser/portal-browser.ts';
import { guestOf } from '../e2e/portal-guest.ts';
import { startBuiltPortal } from './built-portal.ts';

const token = 'sent-by-the-installation-test';

/** What somebody does who has installed the plugins: sends a delivery, and looks at its service. */
export async function useFirst(app: string, configurations: readonly string[]): Promise<void> {
  const environment = { FAIRWAY_PORTAL_TOKEN: token, GITHUB_TOKEN: 'none' };
  const portal = await startBuiltPortal(app, configurations, environment);
  try {
    const sent = await fetch(`${portal.url}/api/fairway/deliveries`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(sampleDelivery({ service: 'hello-llm', owner: 'team-hello' })),
    });
    expect(sent.ok ? '' : await sent.text()).toBe('');
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
    try {
      await lookAt(page);
    } catch (error) {
      const shown = await page.locator('body').innerText();
      throw new Error(`${(error as Error).message}\n${page.url()} shows:\n${shown}\n${failures.join('\n')}`);
    }
    expect(failures).toEqual([]);
  } finally {
    await browser.close();
  }
}

async function lookAt(page: Page): Promise<void> {
  await page.goto('/fairway');
  // a fresh portal asks who one is, or lets its guest in by itself
  const enter = page.getByRole('button', { name: 'Enter' });
  await enter
    .or(page.getByRole('tab', { name: 'Services' }))
    .first()
    .waitFor();
  if (await enter.isVisible()) await enter.click();
  await page.getByRole('tab', { name: 'Services' }).click();
  await page.getByRole('link', { name: 'hello-llm' }).first().waitFor();
  // the new frontend groups the tabs of an entity, the legacy one does not
  await page.goto('/catalog/default/component/hello-llm/delivery');
  const flow = page.locator('ol[class*="fairway_"]').first();
  await flow.waitFor();
  // what the plugin's own style sheet says of it
  const display = await flow.evaluate(element => (globalThis as unknown as Browsing).getComputedStyle(element).display);
  expect(display).toBe('flex');
}

/** The types of the tests are those of Node. */
interface Browsing {
  getComputedStyle(element: unknown): { readonly display: string };
}
