import type { ReactNode } from 'react';
import { Flex } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { FilterSelect } from './filter-select.tsx';
import { TextFilter } from './text-filter.tsx';
import type { Filters } from './use-filters.ts';

const chosen = ['owner', 'environment', 'cluster', 'state'] as const;
export const filterNames = ['text', ...chosen] as const;

interface FilterBarProps {
  readonly filters: Filters<(typeof filterNames)[number]>;
  /** What each can be narrowed to. */
  readonly options: {
    readonly [Name in (typeof chosen)[number]]: readonly { readonly value: string; readonly label: string }[];
  };
  /** What one page alone is narrowed or ordered by. */
  readonly children?: ReactNode;
}

/** Narrows a page by a part of a name, team, environment, cluster and state. */
export function FilterBar({ filters: { values, put }, options, children }: FilterBarProps) {
  const { t } = useFairwayText();
  return (
    <Flex gap="3" style={{ flexWrap: 'wrap' }}>
      <TextFilter value={values.text} onChange={value => put('text', value)} />
      {chosen.map(name => (
        <FilterSelect
          key={name}
          label={t(`filter.${name}`)}
          options={options[name]}
          value={values[name]}
          onChange={value => put(name, value)}
        />
      ))}
      {children}
    </Flex>
  );
}
