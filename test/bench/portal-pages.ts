/**
 * How soon each page of the running portal shows what people came for, in a real browser: `npm run bench:pages --
 * [service]`. First visits have an empty cache; at the second one the browser has kept what it may.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { platformFolders, runningPortal } from '@fairway/platform';
import { portalFolder } from '@fairway/platform/folders';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../browser/portal-browser.ts';
import { percentile } from './percentile.ts';
import { viewsOf } from '../browser/views.ts';

const rounds = 5;

interface View {
  readonly path: string;
  readonly meaning: string | RegExp;
}

const portal = await runningPortal();
if (!portal) throw new Error('No portal runs on this machine: npm run portal starts it.');
const views = Object.entries(viewsOf(process.argv[2] ?? 'hello-llm'));
const browser = await openBrowser();
process.stdout.write(`page            first visit  first paint  second visit  (median of ${rounds}, ms)\n`);
for (const [name, view] of views) {
  const loads: Visits[] = [];
  for (let round = 0; round < rounds; round += 1) loads.push(await visits(browser, portal.url, view));
  const median = (of: (one: Visits) => number) => percentile(loads.map(of), 50).toFixed(0);
  const cells = [median(one => one.first), median(one => one.firstPaint), median(one => one.second)];
  process.stdout.write(`${name.padEnd(14)}  ${cells.map((cell, column) => cell.padStart(11 + column)).join('  ')}\n`);
}
await browser.close();
const { pid } = JSON.parse(await readFile(join(portalFolder(platformFolders()), 'process.json'), 'utf8')) as {
  pid: number;
};
const resident = /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
process.stdout.write(`memory of the backend: ${(Number(resident) / 1024).toFixed(0)} MiB\n`);

/** Milliseconds until the content is there, and of the first visit until anything is. */
interface Visits {
  readonly first: number;
  readonly firstPaint: number;
  readonly second: number;
}

async function visits(opened: Browser, baseURL: string, view: View): Promise<Visits> {
  const context = await opened.newContext({ baseURL, viewport: { width: 1440, height: 900 }, locale: 'en' });
  const page = await context.newPage();
  await page.addInitScript(lookFor(view.meaning));
  const first = await load(page, view.path);
  const firstPaint = (await page.evaluate(
    `performance.getEntriesByName('first-contentful-paint')[0].startTime`,
  )) as number;
  const second = await load(page, view.path);
  await context.close();
  return { first, firstPaint, second };
}

async function load(page: Page, path: string): Promise<number> {
  await page.goto(path, { waitUntil: 'commit' });
  await page.waitForFunction('globalThis.meaningful');
  return (await page.evaluate('globalThis.meaningful')) as number;
}

/** Notes the frame in which the text stands beside the side bar. */
function lookFor(meaning: string | RegExp): string {
  const found = meaning instanceof RegExp ? `${meaning}.test(content)` : `content.includes(${JSON.stringify(meaning)})`;
  return `const look = () => {
    const side = document.querySelector('[data-testid="sidebar-root"]')?.innerText ?? '';
    const content = (document.querySelector('#root')?.innerText ?? '').replace(side, '');
    if (${found}) globalThis.meaningful = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);`;
}
