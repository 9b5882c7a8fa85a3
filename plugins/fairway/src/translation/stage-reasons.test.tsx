import type { JSX } from 'react';
import { screen, within } from '@testing-library/react';
import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { recordSchema } from '@fairway/stage/record';
import { saidReason } from '@fairway/stage/said-reason';
import { DeliveryTab } from '../delivery/delivery-tab.tsx';
import { HomePage } from '../home/home-page.tsx';
import { ServicesPage } from '../services/services-page.tsx';
import type { Answers } from '../testing/fake-fairway.ts';
import { deliveryAnswers, helloDelivery } from '../testing/hello-delivery.ts';
import { helloSummary } from '../testing/hello-indicators.ts';
import { noHome } from '../testing/no-home.ts';
import { renderInLanguage } from '../testing/render-in-language.tsx';
import { onEntity } from '../testing/render-view.tsx';

const scanReason = reasonOf('scan.noneNew', {
  severity: 'high',
  but: reasonOf('scan.old', { number: 1 }),
  others: reasonOf('scan.others', { number: 2 }),
});
const english = 'No new fixable finding of severity high or higher, 1 in the base branch too; 2 other findings.';
const chinese = '没有严重程度为 high 或更高且可修复的新发现（除外：1 个在基础分支中已存在）；另有 2 个发现。';

/** What a portal gets of a stage that gave that reason. */
function scanned(): Delivery {
  const delivery = helloDelivery();
  const scan = { ...delivery.record.stages.scan!, ...saidReason(scanReason, text => text) };
  const written = JSON.stringify({ ...delivery.record, stages: { ...delivery.record.stages, scan } });
  return { ...delivery, reason: scan.reason, coded: scan.coded, record: recordSchema.parse(JSON.parse(written)) };
}

const show = (language: string, view: JSX.Element, answers: Answers) =>
  renderInLanguage(language, view, answers, '?stage=scan');

const tab = onEntity(<DeliveryTab />);

test.each([
  ['en', english, 'Evidence of scan'],
  ['zh', chinese, '扫描的证据'],
])('what a stage wrote to the record is shown in the language of the reader, %s', async (language, shown, panel) => {
  const delivery = scanned();
  expect(delivery.record.stages.scan?.reason).toBe(english);
  show(language, tab, deliveryAnswers([delivery]));
  const stage = await screen.findByRole('region', { name: panel });
  expect(await within(stage).findByText(shown)).toBeInTheDocument();
  // the delivery says what its stage said, and so does the history
  expect(screen.getAllByText(shown).length).toBeGreaterThan(1);
});

test('a record from before reasons had codes is shown in its own words', async () => {
  const delivery = scanned();
  const scan = { ...delivery.record.stages.scan!, coded: undefined };
  const record = { ...delivery.record, stages: { ...delivery.record.stages, scan } };
  show('zh', tab, deliveryAnswers([{ ...delivery, coded: undefined, record }]));
  expect((await screen.findAllByText(english)).length).toBeGreaterThan(1);
});

test('a reason is in Chinese among what runs', async () => {
  const { reason, coded } = scanned();
  const delivering = { items: [{ ...helloDelivery(), verdict: 'running' as const, reason, coded }], total: 1 };
  show('zh', <HomePage />, { home: () => ({ ...noHome, delivering }) });
  expect(await screen.findByText(chinese)).toBeInTheDocument();
});

test('a reason is in Chinese among the objectives of the services', async () => {
  const { reason, coded } = scanned();
  const service = helloSummary({ objectives: { verdict: 'pass', reason, coded } });
  show('zh', <ServicesPage />, { services: () => ({ items: [service] }) });
  expect(await screen.findByText(chinese)).toBeInTheDocument();
});
