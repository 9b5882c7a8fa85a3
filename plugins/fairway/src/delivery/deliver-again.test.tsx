import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { helloDelivery } from '../testing/hello-delivery.ts';
import { renderView } from '../testing/render-view.tsx';
import { DeliverAgain } from './deliver-again.tsx';

const origin = 'https://github.test/team/hello/actions/runs/7';
const button = { name: 'Deliver again' };

test('the run of a delivery is run again after the page says what that is', async () => {
  const delivery = helloDelivery({ origin, again: 'portal' });
  const { fairway } = renderView(<DeliverAgain delivery={delivery} />, {
    deliverAgain: () => Promise.reject(new Error('This workflow is already running.')),
  });
  await userEvent.click(await screen.findByRole('button', button));
  const dialog = screen.getByRole('dialog');
  expect(dialog).toHaveTextContent('The whole workflow run is run again at the same commit');
  expect(within(dialog).getByRole('link', { name: origin })).toHaveAttribute('href', origin);
  await userEvent.click(within(dialog).getByRole('button', button));
  expect(await within(dialog).findByText('This workflow is already running.')).toBeInTheDocument();
  fairway.answers = { deliverAgain: () => ({ origin }) };
  await userEvent.click(within(dialog).getByRole('button', button));
  expect(await screen.findByRole('status')).toHaveTextContent(`The run was started again: ${origin}`);
  expect(fairway.asked.at(-1)).toEqual({ name: 'deliverAgain', request: { path: { id: delivery.id }, body: {} } });
});

test('without a login of the portal the page of the run is linked, and nothing is offered that would fail', async () => {
  renderView(<DeliverAgain delivery={helloDelivery({ origin, again: 'host' })} />, {});
  await userEvent.click(await screen.findByRole('button', button));
  const dialog = screen.getByRole('dialog');
  expect(within(dialog).getByRole('link', { name: origin })).toBeInTheDocument();
  expect(within(dialog).queryByRole('button', button)).not.toBeInTheDocument();
});

test('what came from a terminal has its command to copy', async () => {
  const user = userEvent.setup();
  renderView(<DeliverAgain delivery={helloDelivery({ environment: 'staging' })} />, {});
  await user.click(await screen.findByRole('button', button));
  const command = 'git checkout ca58f80f2117378b67eae20b9a5f197c1da3434a && fairway deliver --environment staging';
  expect(screen.getByText(command)).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Copy' }));
  expect(await screen.findByText('Copied')).toBeInTheDocument();
});

test('who may not start deliveries has no button, and nobody while it runs', async () => {
  const delivery = helloDelivery({ origin, again: 'portal' });
  const view = (verdict: typeof delivery.verdict) => (
    <>
      <p>page</p>
      <DeliverAgain delivery={{ ...delivery, verdict }} />
    </>
  );
  const denied = renderView(view('fail'), {}, { denied: ['fairway.delivery.start'] });
  await screen.findByText('page');
  expect(screen.queryByRole('button', button)).not.toBeInTheDocument();
  denied.unmount();
  renderView(view('running'), {});
  await screen.findByText('page');
  expect(screen.queryByRole('button', button)).not.toBeInTheDocument();
});
