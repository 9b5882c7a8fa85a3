import type { Browser, Page } from 'playwright-core';
import { unreachableOn, violationsOn } from '../browser/accessibility.ts';
import { openBrowser } from '../browser/portal-browser.ts';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  page = await browser.newPage();
});
afterAll(() => browser?.close());

const show = (main: string) =>
  page.setContent(`<!doctype html><html lang="en"><title>A page</title><main><h1>Pods</h1>${main}</main></html>`);

test('a page that keeps the rules has nothing to report', async () => {
  await show('<p>Three pods are ready.</p><a href="/pods">All pods</a><button>Reload</button>');
  expect(await violationsOn(page)).toEqual([]);
  expect(await unreachableOn(page)).toEqual([]);
});

test('an element that breaks a rule is named with the rule, the place and what to do', async () => {
  await show('<button id="empty"></button><p id="faint" style="color: #aaa; background: #fff">Hardly seen</p>');
  const found = await violationsOn(page);
  expect(found).toHaveLength(2);
  expect(found.join('\n')).toMatch(/button-name \(critical\) at #empty: Fix any of the following/);
  expect(found.join('\n')).toMatch(/color-contrast \(serious\) at #faint: .*Expected contrast ratio of 4\.5:1/);
  // of a part of the page, that part alone
  expect(await violationsOn(page, '#faint')).toHaveLength(1);
});

test('a spinner that appears while the page is looked at breaks no rule', async () => {
  await show('<p>Three pods are ready.</p>');
  // axe-core's own file is what runs between the wait for spinners and the look at the page
  await page.evaluate(`Object.defineProperty(globalThis, 'axe', {
    configurable: true,
    set: value => {
      document.querySelector('main').innerHTML += '<div class="MuiCircularProgress-root" role="progressbar"></div>';
      Object.defineProperty(globalThis, 'axe', { value });
    },
  })`);
  expect(await violationsOn(page)).toEqual([]);
  expect(await page.locator('.MuiCircularProgress-root').count()).toBe(1);
});

test('what only a pointer can act on is found', async () => {
  await show(`
    <a href="/pods">All pods</a>
    <button id="skipped" tabindex="-1">Delete</button>
    <div id="clicked" style="cursor: pointer">Open <b>it</b></div>
    <span id="name" style="cursor: pointer">Cluster</span><button aria-labelledby="name">all</button>
    <div role="toolbar" aria-label="View"><button>Grid</button><button tabindex="-1">Table</button></div>
    <button disabled>Later</button>`);
  const found = await unreachableOn(page);
  expect(found.map(html => /id="(\w+)"/.exec(html)?.[1])).toEqual(['skipped', 'clicked']);
});
