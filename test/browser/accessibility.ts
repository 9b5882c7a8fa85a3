import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * What Backstage's own components break on every page and nobody can change from outside of them. An element is left out for one
 * rule alone, so that whatever else is wrong with it is still found.
 */
const notOurs: readonly { readonly rule: string; readonly selector: string }[] = [
  // @backstage/ui's tabs of a header are links, and name panels that it does not render
  { rule: 'aria-valid-attr-value', selector: '.bui-Tab[href]' },
  // @backstage/plugin-catalog has the name of its pages of entities before their landmark
  { rule: 'region', selector: '.bui-PluginHeaderToolbarName .bui-VisuallyHidden:has-text("Catalog")' },
  // @backstage/plugin-notifications' item of the side bar shows how many are unread beside its name
  { rule: 'label-content-name-mismatch', selector: 'nav a[href="/notifications"]' },
];

/** Backstage's spinners have no name, and a page may begin to load anew while it is looked at. */
const spinner = '.MuiCircularProgress-root';

/** What of Backstage no key reaches. */
const notOursToReach: readonly string[] = [
  // @backstage/plugin-catalog-graph's nodes take clicks alone; the card's link leads to the whole graph, and the catalog has all entities
  'svg#dependency-graph',
];

/**
 * What axe-core finds wrong on a page as it stands, with all rules that it applies by itself.
 * @param within a selector of the part that is looked at; the whole page without it
 * @returns a line for each element: the rule, how bad it is, where, what to do, and the element; none when all rules hold
 */
export async function violationsOn(page: Page, within?: string): Promise<readonly string[]> {
  // what still loads is nothing that anybody reads
  await page.locator('[role=progressbar]:visible').first().waitFor({ state: 'hidden' });
  await page.evaluate(await readFile(join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate(parts => (globalThis as unknown as { axe: typeof axe }).axe.run(parts), {
    include: [within ?? 'html'],
    exclude: [spinner],
  });
  const lines: string[] = [];
  for (const { id, impact, nodes } of violations)
    for (const { target, failureSummary = '', html } of nodes) {
      const selector = target.flat().join(' ');
      const known = notOurs.filter(({ rule }) => rule === id);
      const others = await Promise.all(
        known.map(one => page.locator(selector).and(page.locator(one.selector)).count()),
      );
      if (others.some(count => count > 0)) continue;
      lines.push(`${id} (${impact}) at ${selector}: ${failureSummary.replace(/\s+/g, ' ')} ${html.slice(0, 200)}`);
    }
  return lines;
}

interface Walk {
  readonly keyboardWalk: { readonly seen: number; unreachable(others: string): readonly string[] };
}

/**
 * Presses Tab until the focus has been everywhere. In grids, lists of tabs and the like one element stands for all, since arrow keys
 * lead from it to the others.
 * @returns the elements that a pointer can act on and a keyboard cannot
 */
export async function unreachableOn(page: Page): Promise<readonly string[]> {
  await page.evaluate(await readFile(join(import.meta.dirname, 'keyboard-walk.js'), 'utf8'));
  let missed: readonly string[] = [];
  // what was drawn anew behind the focus is met on the next round
  for (let round = 0; round === 0 || (missed.length > 0 && round < 3); round++) {
    await walk(page);
    missed = await page.evaluate(
      others => (globalThis as unknown as Walk).keyboardWalk.unreachable(others),
      notOursToReach.join(),
    );
  }
  return missed;
}

async function walk(page: Page): Promise<void> {
  const seen = () => page.evaluate(() => (globalThis as unknown as Walk).keyboardWalk.seen);
  for (let before = -1, now = await seen(); before < now; before = now, now = await seen())
    // the end of a page and the browser's own frame take a few
    for (let press = 0; press < 20; press++) await page.keyboard.press('Tab');
}
