import type { JSX } from 'react';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { type Alert, namespaceAnnotation, serviceAnnotation } from '@fairway/backstage-plugin-fairway-common';
import { english, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { AlertsPage } from '../alerts/alerts-page.tsx';
import { DeliveryTab } from '../delivery/delivery-tab.tsx';
import { LogsTab } from '../logs/logs-tab.tsx';
import type { Answers } from '../testing/fake-fairway.ts';
import { deliveryAnswers, digestOf, helloDelivery } from '../testing/hello-delivery.ts';
import { renderInLanguage } from '../testing/render-in-language.tsx';
import { onEntity } from '../testing/render-view.tsx';

const showInChinese = (view: JSX.Element, answers: Answers) => renderInLanguage('zh', view, answers);

/** What a backend says of a system that answered with a status, and what to do. */
const failed = (tool: Reason | string, status: number | string, words: string, advice: Reason) => {
  const first = reasonOf('tool.endedSaying', { tool, request: 'GET http://there/', status, words });
  const coded = reasonOf('list.then', { first, second: advice });
  return { message: english(coded), coded };
};

const east = { clusters: ['east'], state: 'unreachable' as const };
const entity = { [serviceAnnotation]: 'hello-llm', [namespaceAnnotation]: 'hello-llm' };

test.each<[string, JSX.Element, Answers, string]>([
  [
    'Alertmanager',
    <AlertsPage />,
    {
      alerts: () => ({
        sources: [{ name: 'east', ...east, ...failed('alertmanager', 500, 'ill', reasonOf('alertmanager.check')) }],
        ...{ unwatched: [], items: [] },
      }),
    },
    'alertmanager：GET http://there/ 失败（500）：“ill”。请检查 alertmanagerUrl（在 action 中为 alertmanager-url）是否是从这里能得到 Alertmanager 应答的地址，以及访问它所需的登录方式。',
  ],
  [
    'log store',
    onEntity(<LogsTab />, entity),
    {
      logs: () => ({
        stores: [{ ...east, ...failed(reasonOf('outside.logStore'), 503, 'no shards.', reasonOf('logStore.check')) }],
        ...{ unstored: [], items: [], total: 0 },
      }),
    },
    '日志存储：GET http://there/ 失败（503）：“no shards.”。请检查日志存储是否在那里应答；fairway platform status 会说明本机的日志存储是否在运行。',
  ],
])('what a page says of a %s that fails is in Chinese but for its own words', async (_name, view, answers, shown) => {
  showInChinese(view, answers);
  expect(await screen.findByText(shown)).toBeInTheDocument();
});

test('what Fairway’s own alerts say is in Chinese, with the objective', async () => {
  const alert: Alert = {
    ...{ source: 'east', fingerprint: 'f1', name: 'FairwayErrorBudgetBurn', service: 'chat', severity: 'page' },
    summary: 'chat uses up its error budget for time-to-first-token too fast.',
    coded: reasonOf('alert.budgetBurn', { service: 'chat', objective: reasonOf('objective.time-to-first-token') }),
    ...{ objective: 'time-to-first-token', since: '2026-11-25T09:00:00.000Z', silencedBy: [] },
    state: 'active',
  };
  showInChinese(<AlertsPage />, { alerts: () => ({ sources: [], unwatched: [], items: [alert] }) });
  expect(await screen.findByText('chat 消耗“首词元时间”的错误预算过快。')).toBeInTheDocument();
  expect(screen.getByText('消耗目标 首词元时间 的预算')).toBeInTheDocument();
});

const because = reasonOf('fix.rebuild', { program: reasonOf('fix.theProgram'), build: 'Go 1.22.7' });
const left = [{ action: 'rebuild', package: 'stdlib', because: english(because), coded: because, findings: ['CVE-1'] }];
const name = reasonOf('probe.promptOf', { language: 'SQL' });
const seen = reasonOf('probe.said', { status: 'HTTP 403', words: 'blocked' });
const probe = { name: english(name), expected: 'HTTP 200', seen: english(seen), holds: false, coded: { name, seen } };

test.each([
  [
    '修复',
    'evidence/remediate/fix-plan.json',
    { steps: [], left },
    ['重新构建', '请用 Go 1.22.7 或更新版本重新构建 该程序，或采用这样构建的发行版: CVE-1'],
  ],
  ['网格', 'evidence/mesh/probes.json', { probes: [probe] }, ['含有 SQL 的提示词', 'HTTP 403：“blocked”']],
  ['负载测试', undefined, undefined, ['首词元时间（p95）']],
])('the evidence of %s is in Chinese', async (stage, path, evidence, texts) => {
  const answers = deliveryAnswers([helloDelivery()]);
  const content = JSON.stringify(evidence);
  showInChinese(onEntity(<DeliveryTab />), {
    ...answers,
    ...(path && {
      evidence: request =>
        request.path.digest === digestOf(path)
          ? { mediaType: 'application/json', content }
          : answers.evidence!(request),
    }),
  });
  await userEvent.click(await screen.findByRole('button', { name: new RegExp(`^${stage} `) }));
  const shown = await screen.findByRole('region', { name: `${stage}的证据` });
  for (const text of texts) expect((await within(shown).findAllByText(text))[0]).toBeInTheDocument();
});
