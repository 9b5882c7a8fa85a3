import { useState } from 'react';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderInLanguage } from '../testing/render-in-language.tsx';
import { renderView } from '../testing/render-view.tsx';
import { FilterSelect, optionsOf } from './filter-select.tsx';

const services = optionsOf(Array.from({ length: 3000 }, (_, place) => `models/service-${place}`));

function Choice({ first }: { readonly first?: string }) {
  const [value, setValue] = useState(first);
  return <FilterSelect label="Service" options={services} value={value} onChange={setValue} />;
}

const trigger = () => screen.findByRole('button', { name: /Service$/ });

test('of thousands the list has as many as a browser draws at once, and the rest by a part of the name', async () => {
  renderView(<Choice first="models/service-999" />, {});
  expect(await trigger()).toHaveTextContent('models/service-999');
  await userEvent.click(await trigger());
  // all, 99 services, the chosen one, and the line that says what is not shown
  expect(screen.getAllByRole('option')).toHaveLength(102);
  const rest = screen.getByRole('option', { name: '2,900 more: search by a part of the name' });
  expect(rest).toHaveAttribute('aria-disabled', 'true');

  await userEvent.type(screen.getByRole('searchbox', { name: 'Search' }), 'VICE-299');
  // 299 and 2990 to 2999
  expect(screen.getAllByRole('option')).toHaveLength(11);
  await userEvent.click(screen.getByRole('option', { name: 'models/service-2995' }));
  expect(await trigger()).toHaveTextContent('models/service-2995');
  // the next look begins with the whole list
  await userEvent.click(await trigger());
  expect(screen.getAllByRole('option')).toHaveLength(102);
});

test('a text that nothing has is answered in the language of the reader', async () => {
  renderInLanguage('zh', <Choice />, {});
  await userEvent.click(await trigger());
  await userEvent.type(await screen.findByRole('searchbox', { name: '搜索' }), 'no such service');
  expect(screen.getAllByRole('option').map(one => one.textContent)).toEqual(['没有包含此文字的选项']);
  expect(screen.queryByText('No results found.')).toBeNull();
});
