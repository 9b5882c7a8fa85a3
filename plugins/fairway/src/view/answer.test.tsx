import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { UnansweredError } from '../client/unanswered-error.ts';
import { renderView } from '../testing/render-view.tsx';
import { Answer } from './answer.tsx';
import { useOperation } from './use-operation.ts';

const place = 'GET /api/fairway/services';

function View() {
  return <Answer asked={useOperation('services', {})}>{({ items }) => <p>services: {items.length}</p>}</Answer>;
}

test('a view that could not be had says why, and asks again', async () => {
  const { fairway } = renderView(<View />, {
    services: () => {
      throw new UnansweredError('gateway', { place, status: '502' });
    },
  });
  expect(await screen.findByText('This view could not be loaded')).toBeInTheDocument();
  expect(screen.getByRole('alert')).toHaveTextContent(/answered GET \/api\/fairway\/services with 502/);
  fairway.answers = { services: () => ({ items: [] }) };
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('services: 0')).toBeInTheDocument();
  expect(screen.queryByRole('alert')).not.toBeInTheDocument();
});

test('where asking again is in vain, the page is loaded anew', async () => {
  renderView(<View />, {
    services: () => {
      throw new UnansweredError('session', {});
    },
  });
  expect(await screen.findByText(/^Your session has ended/)).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Load the page anew' })).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Try again' })).not.toBeInTheDocument();
});

test('what is no longer new says how old it is', async () => {
  const { fairway, signals } = renderView(<Followed />, { services: () => ({ items: [] }) });
  expect(await screen.findByText('services: 0')).toBeInTheDocument();
  fairway.answers = {
    services: () => {
      throw new UnansweredError('unreachable', { place });
    },
  };
  act(() => signals.tell('deliveries'));
  const notice = await screen.findByRole('alert');
  expect(notice).toHaveTextContent('This view could not be refreshed, last time it was now');
  expect(notice.querySelector('time')).toHaveAttribute('title');
  expect(screen.getByText('services: 0')).toBeInTheDocument();
});

const follow = { on: ['deliveries'], every: 0 } as const;
function Followed() {
  return <Answer asked={useOperation('services', {}, follow)}>{({ items }) => <p>services: {items.length}</p>}</Answer>;
}
