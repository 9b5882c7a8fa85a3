import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { deliveryAnswers, helloDelivery } from '../testing/hello-delivery.ts';
import { onEntity, renderView } from '../testing/render-view.tsx';
import { DeliveryTab } from './delivery-tab.tsx';

const flow = () => screen.findByRole('navigation', { name: 'Stages of the delivery' });
const panel = (stage: string) => screen.findByRole('region', { name: `Evidence of ${stage}` });

function withStage(name: 'scan' | 'mesh', verdict: 'fail', reason: string) {
  const delivery = helloDelivery();
  const entry = delivery.record.stages[name];
  if (!entry) throw new Error(`The delivery has no ${name}.`);
  const stages = { ...delivery.record.stages, [name]: { ...entry, verdict, reason } };
  return { ...delivery, verdict, failedStage: name, reason, record: { ...delivery.record, stages } };
}

test('the flow shows every stage with its verdict and time, and begins at the one that failed', async () => {
  renderView(onEntity(<DeliveryTab />), deliveryAnswers([withStage('mesh', 'fail', '7 of 8 probes held.')]));
  const steps = within(await flow()).getAllByRole('button');
  expect(steps.map(step => step.textContent)).toEqual([
    'prepare passed 12 s',
    'build passed 12 s',
    'scan passed 12 s',
    'remediate passed 12 s',
    'optimize passed 12 s',
    'push passed 12 s',
    'deploy passed 12 s',
    'mesh failed 12 s',
    'monitor passed 12 s',
    'load-test passed 12 s',
    'release passed 12 s',
  ]);
  expect(screen.getByRole('button', { name: /^mesh/ })).toHaveAttribute('aria-pressed', 'true');
  const probes = await within(await panel('mesh')).findByRole('grid', { name: 'Probes at the gateway' });
  expect(within(probes).getByRole('row', { name: /SQL injection/ })).toHaveTextContent('does not hold');
});

test('a delivery says which environment it went to', async () => {
  renderView(onEntity(<DeliveryTab />), deliveryAnswers([helloDelivery({ environment: 'staging', cluster: 'uid-1' })]));
  expect(await screen.findByText('To staging')).toHaveAttribute('title', 'uid-1');
});

test('the arrow keys walk through the flow and Enter selects', async () => {
  renderView(onEntity(<DeliveryTab />), deliveryAnswers([helloDelivery()]));
  await flow();
  screen.getByRole('button', { name: /^prepare/ }).focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}{ArrowLeft}{Enter}');
  expect(screen.getByRole('button', { name: /^scan/ })).toHaveFocus();
  const findings = await within(await panel('scan')).findByRole('grid', { name: 'Findings' });
  expect(
    within(findings)
      .getAllByRole('rowheader')
      .map(cell => cell.textContent),
  ).toEqual(['CVE-2025-15649', 'CVE-2026-109518']);
});

test.each([
  ['build', ['5.7 MB: COPY model/ /models/', '178.9 MB: base image']],
  ['remediate', ['2 findings before, 1 after the fix.', 'Before the fix', 'After the fix', '1 high', '5.36.0-7']],
  ['remediate', ['Made hello-llm:ae37742710a8-1:', '5.36.0-8', 'no fix is known: CVE-2026-109518']],
  ['prepare', ['No GPU is asked for.', 'weights 5.4 MiB + KV cache 8.0 MiB = 1.0 GiB']],
  ['optimize', ['before: 259.8 MB', 'after: 149.2 MB', '4 layers became 2.']],
  ['push', ['127.0.0.1:5000/hello-llm@sha256:5c62f7465b95', 'provenance.json', 'application/vnd.in-toto+json']],
  [
    'deploy',
    ['Namespace (v1)', 'cluster-wide', 'hello-llm@sha256:5c62', 'The image cannot be pulled.', 'no space left'],
  ],
  [
    'load-test',
    [
      '3 requests at 2 a second over 15 s.',
      '27.9 ms – 35.9 ms',
      'objective 50 ms',
      'objective 250 ms, to the right of what is drawn',
      'offered: 2.00 requests/s',
      'achieved: 2.28 requests/s',
    ],
  ],
  ['release', ['adb99f1d gets 25 % of the traffic', '1 of 1 requests failed: HTTP 503', '180', 'good']],
])('the evidence of %s is drawn', async (stage, texts) => {
  renderView(onEntity(<DeliveryTab />), deliveryAnswers([helloDelivery()]));
  await userEvent.click(await screen.findByRole('button', { name: new RegExp(`^${stage} `) }));
  const shown = await panel(stage);
  for (const text of texts) expect((await within(shown).findAllByText(text))[0]).toBeInTheDocument();
});

test('canary and stable version of a release stand side by side', async () => {
  renderView(onEntity(<DeliveryTab />), deliveryAnswers([helloDelivery()]));
  await userEvent.click(await screen.findByRole('button', { name: /^release / }));
  const table = await screen.findByRole('grid', { name: 'Canary and stable version side by side' });
  expect(
    within(table)
      .getAllByRole('columnheader')
      .map(one => one.textContent),
  ).toEqual([
    'Traffic adb99f1d : 11223344',
    'Objective',
    'Canary adb99f1d',
    'Stable 11223344',
    'Verdict of the canary',
  ]);
  const rows = within(table).getAllByRole('row').slice(1);
  const cells = (row: HTMLElement) =>
    [...within(row).queryAllByRole('rowheader'), ...within(row).getAllByRole('gridcell')].map(one => one.textContent);
  expect(rows.map(cells)).toEqual([
    ['25 % : 75 %', 'availability', '0 of 395 answers bad (0.00 %)', 'not compared; the objective holds', 'passed'],
    [
      '25 % : 75 %',
      'time to first token',
      '4 of 395 answers bad (1.01 %)',
      'keeps 10.0 ms; the canary may take 25.0 ms',
      'passed',
    ],
  ]);
});

test('the commit of a delivery leads to its page where a run delivered it', async () => {
  const origin = 'https://github.com/acme/llm/actions/runs/42';
  renderView(onEntity(<DeliveryTab />), deliveryAnswers([helloDelivery({ origin })]));
  expect(await screen.findByRole('link', { name: /Commit ca58f80f2117/ })).toHaveAttribute(
    'href',
    'https://github.com/acme/llm/commit/ca58f80f2117378b67eae20b9a5f197c1da3434a',
  );
});

test('a commit is not said to be all where files were changed after it', async () => {
  const { record } = helloDelivery();
  const source = { ...record.source, modified: true };
  renderView(onEntity(<DeliveryTab />), deliveryAnswers([helloDelivery({ record: { ...record, source } })]));
  expect(await screen.findByText(/^Commit \w+ with changes that are not committed/)).toBeInTheDocument();
});

test('what a delivery changed is said in the words of its author, with its pull request', async () => {
  const origin = 'https://github.com/acme/llm/actions/runs/42';
  const { record } = helloDelivery();
  const source = { ...record.source, author: 'Ann', subject: 'Serve with a longer context (#41)' };
  renderView(onEntity(<DeliveryTab />), deliveryAnswers([helloDelivery({ origin, record: { ...record, source } })]));
  expect(await screen.findByText(/“Serve with a longer context \(#41\)” by Ann/)).toBeInTheDocument();
  expect(screen.getByRole('link', { name: /Pull request 41/ })).toHaveAttribute(
    'href',
    'https://github.com/acme/llm/pull/41',
  );
});

test('a first release, which shares no traffic, says so in place of an empty table', async () => {
  const content = JSON.stringify({ candidate: 'adb99f1d', stable: null, steps: [] });
  const evidence = () => ({ mediaType: 'application/json', content });
  const answers = { ...deliveryAnswers([helloDelivery()]), evidence };
  renderView(onEntity(<DeliveryTab />), answers);
  await userEvent.click(await screen.findByRole('button', { name: /^release / }));
  expect(await screen.findByText(/No other released version shared the traffic/)).toBeInTheDocument();
  expect(screen.queryByRole('grid', { name: 'Steps of the release' })).not.toBeInTheDocument();
});

test('the distributions of the load test are pictures with a name', async () => {
  renderView(onEntity(<DeliveryTab />), deliveryAnswers([helloDelivery()]));
  await userEvent.click(await screen.findByRole('button', { name: /^load-test/ }));
  expect(await screen.findByRole('img', { name: /Time to first token/ })).toBeInTheDocument();
  expect(screen.getByRole('img', { name: 'Inter-token latency in ms' })).toBeInTheDocument();
});

test('what has no drawing is shown as it was written once it is opened; what the portal does not keep is named', async () => {
  const { fairway } = renderView(onEntity(<DeliveryTab />), deliveryAnswers([helloDelivery()]));
  await userEvent.click(await screen.findByRole('button', { name: /^prepare/ }));
  const asked = () => fairway.asked.filter(({ name }) => name === 'evidence').length;
  expect(await screen.findByText('No GPU is asked for.')).toBeInTheDocument();
  const before = asked();
  await userEvent.click(screen.getByText(/prepare\/model\.json/));
  expect(await screen.findByText(/"format":"gguf"/)).toBeInTheDocument();
  expect(asked()).toBe(before + 1);
  await userEvent.click(screen.getByRole('button', { name: /^build/ }));
  expect(await screen.findByText(/build\/sbom\.cdx\.json .*not kept by the portal/)).toBeInTheDocument();
});

test('a running delivery shows which stage runs, and goes on by signal', async () => {
  const { scan, build, prepare } = helloDelivery().record.stages;
  const running = helloDelivery({
    verdict: 'running',
    record: { ...helloDelivery().record, stages: { prepare, build } },
  });
  const { fairway, signals } = renderView(onEntity(<DeliveryTab />), deliveryAnswers([running]));
  expect(await screen.findByRole('button', { name: 'scan running' })).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'push not run' })).toBeInTheDocument();
  const further = { ...running, record: { ...running.record, stages: { prepare, build, scan } } };
  fairway.answers = deliveryAnswers([further]);
  act(() => signals.tell('deliveries'));
  expect(await screen.findByRole('button', { name: 'remediate running' })).toBeInTheDocument();
});

test('two deliveries are compared: what differs, the older one first', async () => {
  const older = {
    ...withStage('scan', 'fail', '1 blocking finding.'),
    id: '0011223344556677',
    finishedAt: '2026-11-24T09:00:00.000Z',
    digest: undefined,
    environment: 'staging',
  };
  renderView(onEntity(<DeliveryTab />), deliveryAnswers([helloDelivery(), older]));
  const history = await screen.findByRole('grid', { name: 'History' });
  const row = within(history).getByRole('row', { name: /00112233/ });
  expect(row).toHaveTextContent('scan: 1 blocking finding.');
  expect(within(row).getByText('staging')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: /Compare the delivery 00112233/ }));
  const table = await screen.findByRole('grid', { name: 'Difference between two deliveries' });
  expect(within(table).getByRole('row', { name: 'Delivery' })).toHaveTextContent('Deliveryfailedpassed');
  expect(within(table).getByRole('row', { name: 'scan' })).toHaveTextContent('scanfailedpassed');
  expect(within(table).getByRole('row', { name: 'Image' })).toHaveTextContent('none');
  expect(screen.getByText('3 differences')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Close the comparison' }));
  expect(screen.queryByText('3 differences')).not.toBeInTheDocument();
});

test('an older delivery is shown when it is asked for', async () => {
  const older = { ...withStage('scan', 'fail', '1 blocking finding.'), id: '0011223344556677' };
  renderView(onEntity(<DeliveryTab />), deliveryAnswers([helloDelivery(), older]));
  await userEvent.click(await screen.findByRole('button', { name: 'Show the delivery 00112233' }));
  expect(await panel('scan')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Show the delivery bc67e68a' })).toBeInTheDocument();
});

test('a service without deliveries says how to make one', async () => {
  renderView(onEntity(<DeliveryTab />), deliveryAnswers([]));
  expect(await screen.findByText('This service was not delivered yet')).toBeInTheDocument();
});

test('an entity without a service says which annotation is missing', async () => {
  renderView(onEntity(<DeliveryTab />, {}), deliveryAnswers([]));
  expect(await screen.findByText('This entity names no service')).toBeInTheDocument();
});
