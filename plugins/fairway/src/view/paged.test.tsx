import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderView } from '../testing/render-view.tsx';
import { Paged } from './paged.tsx';

function List({ length }: { readonly length: number }) {
  return (
    <Paged items={Array.from({ length }, (_, place) => place + 1)} most={100}>
      {shown => <p>{`${shown[0]} to ${shown.at(-1)} are shown`}</p>}
    </Paged>
  );
}

const press = async (name: string) => userEvent.click(await screen.findByRole('button', { name }));

test('a long list has a way to its ends, and pages of a size that the reader chooses', async () => {
  renderView(<List length={1230} />, {});
  expect(await screen.findByRole('button', { name: 'First' })).toBeDisabled();
  await press('Last');
  expect(screen.getByText('1201 to 1230 are shown')).toBeInTheDocument();
  for (const name of ['Next', 'Last']) expect(screen.getByRole('button', { name })).toBeDisabled();
  await press('Previous');
  expect(screen.getByText('1,101 to 1,200 of 1,230')).toBeInTheDocument();

  await userEvent.click(screen.getByRole('button', { name: /Size of a page/ }));
  expect((await screen.findAllByRole('option')).map(option => option.textContent)).toEqual([
    ...['20 a page', '50 a page', '100 a page'],
  ]);
  await userEvent.click(screen.getByRole('option', { name: '50 a page' }));
  // what stood first stays in view
  expect(screen.getByText('1101 to 1150 are shown')).toBeInTheDocument();
  await press('First');
  expect(screen.getByText('1 to 50 of 1,230')).toBeInTheDocument();
});

test('a short list is nothing but the list', async () => {
  renderView(<List length={100} />, {});
  expect(await screen.findByText('1 to 100 are shown')).toBeInTheDocument();
  expect(screen.queryByRole('button')).not.toBeInTheDocument();
});
