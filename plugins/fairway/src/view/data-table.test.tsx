import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderView } from '../testing/render-view.tsx';
import { DataTable } from './data-table.tsx';
import { TextFilter, holdsText } from './text-filter.tsx';
import { useFilters } from './use-filters.ts';

const rows = Array.from({ length: 1200 }, (_, place) => ({ name: `service-${place}`, pods: (place * 7) % 1200 }));

function Services() {
  const { values, put } = useFilters(['text']);
  return (
    <>
      <TextFilter value={values.text} onChange={value => put('text', value)} />
      <DataTable
        label="Services"
        rows={rows.filter(({ name }) => holdsText(values.text, [name]))}
        most={100}
        idOf={({ name }) => name}
        columns={[
          { id: 'name', label: 'Name', sortBy: ({ name }) => name, cell: ({ name }) => name },
          { id: 'pods', label: 'Pods', number: true, sortBy: ({ pods }) => pods, cell: ({ pods }) => String(pods) },
        ]}
      />
    </>
  );
}

const firstRow = () => within(screen.getByRole('grid', { name: 'Services' })).getAllByRole('row')[1];

test('figures stand below their heading at the end of the column, words do not', async () => {
  renderView(<Services />, {});
  const table = within(await screen.findByRole('grid', { name: 'Services' }));
  expect(table.getByRole('columnheader', { name: 'Pods' })).toHaveClass('number');
  expect(table.getAllByRole('gridcell')[0]).toHaveClass('number');
  expect(table.getByRole('columnheader', { name: 'Name' })).not.toHaveClass('number');
  expect(table.getAllByRole('rowheader')[0]).not.toHaveClass('number');
});

test('another order or another filter begins at its first page', async () => {
  renderView(<Services />, {});
  await userEvent.click(await screen.findByRole('button', { name: 'Next' }));
  expect(screen.getByText('101 to 200 of 1,200')).toBeInTheDocument();
  expect(firstRow()).toHaveTextContent('service-100');

  await userEvent.click(screen.getByRole('columnheader', { name: 'Pods' }));
  expect(screen.getByText('1 to 100 of 1,200')).toBeInTheDocument();
  expect(firstRow()).toHaveTextContent('service-0');

  await userEvent.click(screen.getByRole('button', { name: 'Next' }));
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search' }), '-11');
  // 11, 110 to 119 and 1100 to 1199
  expect(await screen.findByText('1 to 100 of 111')).toBeInTheDocument();
});
