import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Table } from '@backstage/core-components';
import { createFrontendPlugin, PageBlueprint } from '@backstage/frontend-plugin-api';
import { renderTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';

test('a word in a table of Backstage stays whole', async () => {
  const columns = [{ title: 'Name', field: 'name' }];
  const table = <Table columns={columns} data={[{ name: 'sentiment' }]} options={{ paging: false }} />;
  const page = PageBlueprint.make({ params: { path: '/shown', loader: async () => table } });
  renderTestApp({
    features: [createFrontendPlugin({ pluginId: 'shown', extensions: [page] })],
    initialRouteEntries: ['/shown'],
  });
  const cell = await screen.findByText('sentiment');
  // what the rule is for: without it this test would prove nothing
  expect(getComputedStyle(cell).wordBreak).toBe('break-word');
  const style = document.createElement('style');
  style.textContent = readFileSync(join(__dirname, 'tables.css'), 'utf8');
  document.head.append(style);
  expect(getComputedStyle(cell).wordBreak).toBe('normal');
  style.remove();
});
