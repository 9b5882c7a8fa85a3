import { Flex, Select } from '@backstage/ui';
import { usageGroups } from '@fairway/backstage-plugin-fairway-common';
import type { AllUsage } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { FilterSelect, optionsOf } from '../view/filter-select.tsx';
import type { Filters } from '../view/use-filters.ts';

const chosen = ['team', 'service', 'model'] as const;
export const usageFilterNames = ['by', 'days', ...chosen] as const;

const spans = ['1', '7', '30', '90'] as const;
const preset = '30';

/** The first of so many days (UTC) up to today. */
export function daysBack(days: string | undefined): string {
  const span = Number(spans.find(one => one === days) ?? preset);
  return new Date(Date.now() - (span - 1) * 86_400_000).toISOString().slice(0, 10);
}

interface UsageFiltersProps {
  readonly filters: Filters<(typeof usageFilterNames)[number]>;
  readonly group: (typeof usageGroups)[number] | 'client';
  /** Absent while the first answer is on its way. */
  readonly choices: AllUsage['choices'] | undefined;
}

/** By what use is summed up, over which days, and of whom. */
export function UsageFilters({ filters: { values, put }, group, choices }: UsageFiltersProps) {
  const { t } = useFairwayText();
  return (
    <Flex gap="3" style={{ flexWrap: 'wrap' }}>
      <Select
        label={t('usage.by')}
        size="small"
        options={[...usageGroups, 'client' as const].map(value => ({ value, label: t(`usage.by.${value}`) }))}
        value={group}
        onChange={key => put('by', String(key))}
      />
      <Select
        label={t('usage.days')}
        size="small"
        options={spans.map(value => ({ value, label: t(`usage.days.${value}`) }))}
        value={spans.find(one => one === values.days) ?? preset}
        onChange={key => put('days', String(key))}
      />
      {chosen.map(name => (
        <FilterSelect
          key={name}
          label={t(`usage.by.${name}`)}
          options={optionsOf(choices?.[name] ?? [])}
          value={values[name]}
          onChange={value => put(name, value)}
        />
      ))}
    </Flex>
  );
}
