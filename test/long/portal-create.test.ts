import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platformFolders, startPortal, stopPortal } from '@fairway/platform';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, signInAsGuest } from '../browser/portal-browser.ts';
import { askGateway } from '../e2e/ask.ts';
import { removeService } from '../remove-service.ts';
import { accessToken, platform } from '../e2e/platform.ts';
import { type PortalGuest, guestOf } from '../e2e/portal-guest.ts';

jest.setTimeout(40 * 60_000);

const name = 'created-e2e';
let state: string;
let browser: Browser;
let page: Page;
let guest: PortalGuest;

/** A portal of its own beside the one of the user, for the platform of the tests. */
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'fairway-create-'));
  await copyFile(process.env['FAIRWAY_TEST_PLATFORM'] ?? '', join(state, 'platform.json'));
  const { url } = await startPortal({
    ...{ signal: new AbortController().signal, progress: () => {} },
    ...{ folders: { ...platformFolders(), state }, portBase: 19_600, servicesFolder: join(state, 'services') },
  });
  guest = await guestOf(url);
  browser = await openBrowser();
  page = await signInAsGuest(browser, { url });
});

afterAll(async () => {
  await browser?.close();
  await stopPortal({ ...platformFolders(), state });
  await removeService(platform, name);
  await rm(state, { recursive: true });
});

const next = () => page.getByRole('button', { name: 'Next' }).click();

test('the form shows while one types whether a model fits the GPUs', async () => {
  await page.goto('/create/templates/default/inference-service');
  await page.getByLabel('Engine').first().waitFor();
  await next();
  await page.getByLabel('Name').first().fill(name);
  await page.getByLabel('Description').fill('A service that a test created.');
  await page.getByLabel('Owner').first().fill('team-hello');
  await page.getByLabel('Owner').first().press('Tab');
  await next();
  await page.getByLabel('Runs on').click();
  await page.getByRole('option', { name: 'GPU' }).click();
  await page.getByRole('button', { name: /GPU class/ }).click();
  await page.getByRole('option', { name: 'nvidia-t4-16gb' }).click();
  // 16 GB of weights and their cache are more than a T4 has
  await page.getByText('It does not fit', { exact: true }).waitFor();
});

test('Create leads to a second service that is delivered, answers and is in the catalog', async () => {
  await page.getByLabel('Runs on').click();
  await page.getByRole('option', { name: 'CPU' }).click();
  await next();
  await page.getByLabel('Answers at').waitFor();
  await next();
  await page.getByLabel('Requests answered, in percent').waitFor();
  await next();
  await page.getByLabel('Publish to').waitFor();
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByText('A service that a test created.').waitFor();
  await page.getByRole('button', { name: 'Create' }).last().click();
  await page.waitForURL(/\/create\/tasks\/[\w-]+$/);
  // live, while the delivery runs
  await page.getByRole('button', { name: 'Show Logs' }).click();
  await page
    .getByText(/(build|scan|remediate|optimize|load-test): /)
    .first()
    .waitFor({ timeout: 120_000 });
  let seenBeforeItsEnd = false;
  const { status, log } = await guest.finished(page.url().split('/').at(-1) ?? '', sofar => {
    seenBeforeItsEnd ||= /✔ build /.test(sofar) && !/✔ release /.test(sofar);
  });
  expect([status, log]).toEqual(['completed', expect.stringMatching(/✔ release /)]);
  expect(seenBeforeItsEnd).toBe(true);
  await page.getByRole('link', { name: 'Service in the catalog' }).waitFor();

  const token = await accessToken('user', 'llm:read');
  const answer = await askGateway(`${name}.localhost`, '/v1/models', { token });
  expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('hello-tiny') });

  // told to the portal by the delivery, and from there to the catalog
  const { items } = await guest.get<{ items: { name: string; lastDelivery: { verdict: string } }[] }>(
    '/api/fairway/services',
  );
  expect(items.find(item => item.name === name)).toMatchObject({ lastDelivery: { verdict: 'pass' } });
  const api = await guest.eventually(`/api/catalog/entities/by-name/api/default/${name}`);
  expect(api).toMatchObject({ spec: { type: 'ai-model-server', models: { default: 'hello-tiny' } } });
});
