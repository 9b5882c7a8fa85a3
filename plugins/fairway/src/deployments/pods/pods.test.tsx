import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { PodView } from '@fairway/backstage-plugin-fairway-common';
import { renderView } from '../../testing/render-view.tsx';
import { Pods } from './pods.tsx';

const pod = (name: string, state: PodView['state'], more: Partial<PodView> = {}): PodView => ({
  ...{ name, state, phase: 'Running', restarts: 0, ...more },
});

function show(pods: readonly PodView[], ofOne = false) {
  const version = {
    ...{ revision: 'adb99f1d', image: 'chat@sha256:5c62', replicas: pods.length, readyReplicas: 0 },
    ...{ createdAt: '2026-11-25T09:00:00.000Z', state: 'failing' as const, pods: [...pods] },
  };
  return renderView(<Pods version={version} ofOne={ofOne} />, {});
}

const grid = () => screen.findByRole('grid', { name: 'Pods of adb99f1d by state' });

test('a row says how many pods are in a state and why, and each pod is one cell of it', async () => {
  const reason = 'No node has a free GPU of the class nvidia-l4-24gb.';
  show([pod('a', 'ready'), pod('b', 'failing', { reason }), pod('c', 'ready'), pod('d', 'failing', { reason })]);
  const rows = within(await grid()).getAllByRole('row');
  expect(rows.map(row => within(row).getByRole('rowheader').textContent)).toEqual([`2 failing ${reason}`, '2 ready ']);
  expect(rows.map(row => within(row).getAllByRole('gridcell').length)).toEqual([2, 2]);
});

test('the Tab key reaches one cell, and arrow keys read the others with name, state, reason, node and age', async () => {
  const user = userEvent.setup();
  const startedAt = new Date(Date.now() - 3 * 3_600_000 - 1000).toISOString();
  show([
    pod('a', 'ready', { node: 'gpu-7', restarts: 2, startedAt }),
    pod('b', 'starting', { reason: 'It loads the model.' }),
  ]);
  const cells = within(await grid()).getAllByRole('gridcell');
  await user.tab();
  expect(cells[0]).toHaveFocus();
  expect(cells[0]).toHaveAccessibleName('b: starting · It loads the model.');
  await user.keyboard('{ArrowRight}');
  expect(cells[1]).toHaveFocus();
  expect(cells[1]).toHaveAccessibleName('a: ready · on gpu-7 · restarts 2 · started 3 hours ago');
  expect(screen.getByText('a: ready · on gpu-7 · restarts 2 · started 3 hours ago')).toBeInTheDocument();
  await user.keyboard('{ArrowRight}{Home}');
  expect(cells[0]).toHaveFocus();
  await user.tab();
  expect(screen.getByRole('button', { name: 'Pods as a table' })).toHaveFocus();
  await user.tab({ shift: true });
  expect(cells[0]).toHaveFocus();
});

test('the table is there when it is asked for, what fails first, and a part of thousands at a time', async () => {
  const user = userEvent.setup();
  show([...Array.from({ length: 250 }, (_, index) => pod(`p-${index}`, 'ready')), pod('ill', 'failing')]);
  const cells = within(await grid()).getAllByRole('gridcell');
  expect(cells).toHaveLength(251);
  expect(screen.queryByRole('grid', { name: 'Pods of adb99f1d' })).not.toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Pods as a table' }));
  const names = () =>
    within(screen.getByRole('grid', { name: 'Pods of adb99f1d' }))
      .getAllByRole('rowheader')
      .map(cell => cell.textContent);
  await screen.findByText('1 to 100 of 251');
  expect([names().length, names()[0], names()[1]]).toEqual([100, 'ill', 'p-0']);
  await user.click(screen.getByRole('button', { name: 'Next' }));
  await user.click(screen.getByRole('button', { name: 'Next' }));
  expect(await screen.findByText('201 to 251 of 251')).toBeInTheDocument();
  expect(names()).toHaveLength(51);
  expect(screen.getByRole('button', { name: 'Next' })).toBeDisabled();
});

test('on the page of one service the table of a few pods is open', async () => {
  show([pod('a', 'ready')], true);
  expect(await screen.findByRole('grid', { name: 'Pods of adb99f1d' })).toBeInTheDocument();
});
