/**
 * How soon each page of the running portal shows what people came for, in a real browser: a new window for every load,
 * once with an empty cache and once with what the browser kept. `npm run bench -- portal-pages [service]`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { platformFolders, runningPortal } from '@fairway/platform';
import { portalFolder } from '@fairway/platform/folders';
import type { Browser } from 'playwright-core';
import { openBrowser, signInAsGuest } from '../browser/portal-browser.ts';
import { viewsOf } from '../browser/views.ts';

const rounds = 5;

const portal = await runningPortal();
if (!portal) throw new Error('No portal runs on this machine: npm run portal starts it.');
const views = Object.entries(viewsOf(process.argv[2] ?? 'hello-llm'));
const browser = await openBrowser();
process.stdout.write(`${'page'.padEnd(14)}  first paint  meaningful  (median of ${rounds}, ms)\n`);
for (const [name, view] of views) {
  const loads = [];
  for (let round = 0; round < rounds; round += 1) loads.push(await load(browser, portal.url, view));
  const median = (values: number[]) => values.sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
  const paint = median(loads.map(({ firstPaint }) => firstPaint)).toFixed(0);
  const meaningful = median(loads.map(({ meaningful }) => meaningful)).toFixed(0);
  process.stdout.write(`${name.padEnd(14)}  ${paint.padStart(11)}  ${meaningful.padStart(10)}\n`);
}
await browser.close();
const { pid } = JSON.parse(await readFile(join(portalFolder(platformFolders()), 'process.json'), 'utf8')) as {
  pid: number;
};
const resident = /VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
process.stdout.write(`memory of the backend: ${(Number(resident) / 1024).toFixed(0)} MiB\n`);

/** The second visit of a browser: what it kept of the first one is there, as for everybody who comes back. */
async function load(opened: Browser, url: string, view: { path: string; meaning: string | RegExp }) {
  const page = await signInAsGuest(opened, { url });
  await page.addInitScript(`globalThis.sought = ${view.meaning instanceof RegExp ? view.meaning : JSON.stringify(view.meaning)};
    const look = () => {
      const text = document.querySelector('#root')?.innerText ?? '';
      const side = document.querySelector('[data-testid="sidebar-root"]')?.innerText ?? '';
      const content = text.replace(side, '');
      if (sought instanceof RegExp ? sought.test(content) : content.includes(sought)) globalThis.meaningful = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);`);
  await page.goto(view.path, { waitUntil: 'commit' });
  await page.waitForFunction('globalThis.meaningful');
  const [firstPaint, meaningful] = (await page.evaluate(
    `[performance.getEntriesByName('first-contentful-paint')[0]?.startTime, meaningful]`,
  )) as [number, number];
  await page.context().close();
  return { firstPaint, meaningful };
}
