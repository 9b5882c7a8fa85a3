import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stageOrder } from '@fairway/stage/verdict';
import type { Page } from 'playwright-core';
import { openBrowser, signInAsGuest } from '../portal-browser.ts';
import { entity, pages } from './pictures.ts';

const paths: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(pages).map(([name, { path }]) => [name, path])),
  ...{ usage: '/fairway/usage', engines: '/fairway/engines', pods: `${entity}/deployments`, logs: `${entity}/logs` },
  ...Object.fromEntries(stageOrder.map(stage => [`delivery, ${stage}`, `${entity}/delivery?stage=${stage}`])),
  ...{ catalog: '/catalog', create: '/create', notifications: '/notifications', settings: '/settings' },
  ...{ form: '/create/templates/default/inference-service', team: '/catalog/default/group/team-assistant' },
};

/** What is the same in both languages, by what says it. */
const notOurs: readonly RegExp[] = [
  // @backstage/ui and @backstage/core-components have these in English alone
  /^(sidebar nav|Breadcrumbs|Toolbar tabs|Content navigation|, Opens in a new window|Show value|search|clear search|Clear|Open)$/,
  // so have the tables of @backstage/plugin-notifications and @backstage/plugin-org, and a page while it loads
  /^(Loading|Search|Rows per page:|Search members(\.\.\.)?)$/,
  // Backstage's tip of a link to an entity: its name, type and description as they were given
  /^component:\S+ \| service \| /,
  // of a record from before its reasons had codes
  /^1 of 1 requests failed: HTTP 503$/,
  // kinds of entities, and a template as the catalog has it
  /^(Component|Template|Group)$/,
  /^(Inference service|An LLM behind the gateway, delivered by Fairway .*)$/,
  // names, and links that the entity of a service has
  /^(Fairway|Pod|Gateway)$/,
  // names of engines, and what was written by whoever delivered, compared or described
  /^(vLLM|Transformers)\b/,
  / went well\.$|^random weights |^hello-tiny, |^Serves /,
  /^(PyTorch 2|The load generator ran|vLLM captured graphs|One round and no common load)/,
];

/** Words that somebody should read in Chinese: two in a row, or one that begins like a sentence. Quoted are those of other programs. */
function isProse(text: string): boolean {
  const own = text.replace(/“[^”]*”/g, '');
  return /\b[A-Za-z][a-z]+ [a-z]{2,}\b/.test(own) || /^[A-Z][a-z]{2,}$/.test(own);
}

/**
 * Looks at every page in both languages for texts that are English in both.
 * @returns a line each
 */
export async function englishLeftOn(url: string, say: (message: string) => void): Promise<readonly string[]> {
  await using browser = await openBrowser();
  const [english, chinese] = await Promise.all(
    (['en', 'zh'] as const).map(language => signInAsGuest(browser, { url, language })),
  );
  if (!english || !chinese) throw new Error('a browser has no windows');
  const left: string[] = [];
  for (const [name, path] of Object.entries(paths)) {
    const [inEnglish, inChinese] = await Promise.all([english, chinese].map(page => textsAt(page, path)));
    const both = [...(inChinese ?? [])].filter(text => inEnglish?.has(text) && isProse(text));
    const ours = both.filter(text => !notOurs.some(known => known.test(text)));
    say(`${name}: ${ours.length} texts in English`);
    left.push(...ours.map(text => `${name}: ${text}`));
  }
  return left;
}

async function textsAt(page: Page, path: string): Promise<ReadonlySet<string>> {
  await page.goto(path);
  await page.waitForLoadState('networkidle');
  await page.locator('[role=progressbar]:visible').first().waitFor({ state: 'hidden' });
  await page.evaluate(await readFile(join(import.meta.dirname, 'shown-texts.js'), 'utf8'));
  // what was folded is drawn now
  await page.waitForTimeout(1000);
  return new Set(await page.evaluate(() => (globalThis as unknown as Shown).shownTexts()));
}

interface Shown {
  shownTexts(): readonly string[];
}
