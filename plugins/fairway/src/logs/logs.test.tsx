import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { ResponseError } from '@backstage/errors';
import type { LogLine, ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import { onEntity, renderView } from '../testing/render-view.tsx';
import { LogsTab } from './logs-tab.tsx';

const denied: LogLine = {
  clusters: ['east'],
  time: '2026-11-26T10:31:18.445123456Z',
  level: 'warn',
  dataset: 'access',
  message: 'POST /v1/chat/completions 401, denied by authentication',
  requestId: 'c8bfc5a5-6b94-4115-8466-1414491c06bc',
  status: 401,
  durationMilliseconds: 3,
  pod: 'envoy-1',
};
const engine: LogLine = {
  clusters: ['east'],
  time: '2026-11-26T10:31:17.000000001Z',
  level: 'error',
  dataset: 'engine',
  message: 'CUDA out of memory',
  version: '1a2b3c4d',
  pod: 'hello-llm-1a2b3c4d-x-y',
};
const found: ResponseOf<'logs'> = {
  stores: [{ clusters: ['east'], state: 'live' }],
  unstored: [],
  items: [denied, engine],
  total: 2,
};

test('lines show when, how bad, who wrote them and what', async () => {
  const { fairway } = renderView(onEntity(<LogsTab />), { logs: () => found });
  const table = within(await screen.findByRole('grid', { name: 'Logs' }));
  const [, row, older] = table.getAllByRole('row');
  expect(row).toHaveTextContent('denied by authentication');
  expect(row).toHaveTextContent('warn');
  expect(row).toHaveTextContent('3 ms');
  expect(row?.querySelector('time')).toHaveAttribute('datetime', denied.time);
  expect(older).toHaveTextContent(/engine1a2b3c4d.*CUDA out of memory/);
  expect(fairway.asked[0]).toEqual({
    name: 'logs',
    request: { path: { service: 'hello-llm' }, query: { level: 'debug', since: '1h' } },
  });
});

test('a click on a request asks for all that names it, however old', async () => {
  const { fairway } = renderView(onEntity(<LogsTab />), { logs: () => found });
  await userEvent.click(await screen.findByRole('button', { name: `Everything about request ${denied.requestId}` }));
  expect(screen.getByRole('textbox', { name: 'Request' })).toHaveValue(denied.requestId);
  expect(fairway.asked.at(-1)).toEqual({
    name: 'logs',
    request: { path: { service: 'hello-llm' }, query: { level: 'debug', requestId: denied.requestId } },
  });
});

test('words are searched for when they are sent, not while they are typed', async () => {
  const { fairway } = renderView(onEntity(<LogsTab />), { logs: () => found });
  await userEvent.type(await screen.findByRole('textbox', { name: 'Words' }), 'out of memory');
  expect(fairway.asked).toHaveLength(1);
  await userEvent.click(screen.getByRole('button', { name: 'Search' }));
  expect(fairway.asked.at(-1)).toEqual({
    name: 'logs',
    request: { path: { service: 'hello-llm' }, query: { level: 'debug', since: '1h', text: 'out of memory' } },
  });
});

test('where no store is configured, nobody reads that nothing was logged', async () => {
  renderView(onEntity(<LogsTab />), { logs: () => ({ stores: [], unstored: ['east'], items: [], total: 0 }) });
  expect(await screen.findByText('No log store is configured')).toBeInTheDocument();
  expect(screen.queryByText('No line was found')).not.toBeInTheDocument();
});

test('a store that does not answer is named, and is not an empty one', async () => {
  const stores = [{ clusters: ['east'], state: 'unreachable' as const, message: 'It ended with ECONNREFUSED.' }];
  renderView(onEntity(<LogsTab />), { logs: () => ({ stores, unstored: [], items: [], total: 0 }) });
  expect(await screen.findByText('The log store of east does not answer.')).toBeInTheDocument();
  expect(screen.getByText('It ended with ECONNREFUSED.')).toBeInTheDocument();
  expect(screen.queryByText('No line was found')).not.toBeInTheDocument();
});

test('nothing found says what to try', async () => {
  renderView(onEntity(<LogsTab />), { logs: () => ({ ...found, items: [], total: 0 }) });
  expect(await screen.findByText('No line was found')).toBeInTheDocument();
});

test('who may not read logs reads which permission it takes', async () => {
  const refused = await ResponseError.fromResponse(
    Object.assign(new Response(JSON.stringify({ error: { name: 'NotAllowedError', message: 'no' } }), { status: 403 })),
  );
  renderView(onEntity(<LogsTab />), { logs: () => Promise.reject(refused) });
  expect(await screen.findByText(/needs the permission fairway\.log\.read/)).toBeInTheDocument();
});
