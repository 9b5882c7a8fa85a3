import { stageOrder } from '@fairway/stage/verdict';
import type { Page } from 'playwright-core';
import { unreachableOn, violationsOn } from '../accessibility.ts';
import { openBrowser, signInAsGuest } from '../portal-browser.ts';
import { entity, pages } from './pictures.ts';

interface Looked {
  readonly path: string;
  readonly meaning: string | RegExp;
  /** Opens what shows only after a click, and is looked at as a state of its own. */
  readonly then?: (page: Page) => Promise<void>;
  /** The part that is ours, on a page of Backstage. */
  readonly within?: string;
}

const sideBar = 'nav[aria-label="sidebar nav"]';

/** The pages of the plugin and what they open; of Backstage's pages the side bar, which is the portal's. */
const looked: Readonly<Record<string, Looked>> = {
  ...pages,
  'runbook of an alert': {
    ...pages.alerts,
    then: async page => {
      await page
        .getByRole('button', { name: /^Runbook of / })
        .first()
        .click();
      await page.getByRole('dialog').first().waitFor();
    },
  },
  'silence of an alert': {
    ...pages.alerts,
    then: async page => {
      await page
        .getByRole('button', { name: /^Silence / })
        .first()
        .click();
      await page.getByRole('dialog').waitFor();
    },
  },
  engines: { path: '/fairway/engines', meaning: /throughput/i },
  ...Object.fromEntries(stageOrder.map(stage => [`delivery, ${stage}`, stageOf(stage)])),
  'pods of a service': { path: `${entity}/deployments`, meaning: /replicas ready/ },
  'pods as a table': {
    ...pages.deployments,
    then: page => page.getByRole('button', { name: 'Pods as a table' }).first().click(),
  },
  logs: { path: `${entity}/logs`, meaning: /log/i },
  catalog: { path: '/catalog', meaning: 'chat', within: sideBar },
  create: { path: '/create', meaning: 'Templates', within: sideBar },
};

/** A stage of a delivery with all of its evidence open. */
function stageOf(stage: string): Looked {
  return {
    path: `${entity}/delivery`,
    meaning: 'prepare',
    then: async page => {
      const flow = page.getByRole('navigation', { name: 'Stages of the delivery' });
      await flow.getByRole('button', { name: stage }).first().click();
      const closed = page.locator('main details:not([open]) > summary').first();
      while (await closed.isVisible()) await closed.click();
    },
  };
}

/**
 * Looks at every page in both themes, by axe-core and by the Tab key.
 * @returns what is wrong, a line each
 */
export async function accessibilityOf(url: string, say: (message: string) => void): Promise<readonly string[]> {
  await using browser = await openBrowser();
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await signInAsGuest(browser, { url, colorScheme });
    for (const [name, { path, meaning, then, within }] of Object.entries(looked)) {
      await page.goto(path);
      await page.locator('#root').getByText(meaning).last().waitFor({ timeout: 120_000 });
      await then?.(page);
      await page.waitForTimeout(500);
      const violations = await violationsOn(page, within);
      // where the focus goes does not depend on colours
      const unreachable = colorScheme === 'light' && within === undefined ? await unreachableOn(page) : [];
      say(`${name}, ${colorScheme}: ${violations.length} violations, ${unreachable.length} that no key reaches`);
      found.push(
        ...violations.map(line => `${name}, ${colorScheme}: ${line}`),
        ...unreachable.map(line => `${name}: no key reaches ${line}`),
      );
    }
    await page.context().close();
  }
  return found;
}
