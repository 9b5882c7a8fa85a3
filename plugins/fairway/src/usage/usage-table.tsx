import type { AllUsage, UsageGroup } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { DataTable } from '../view/data-table.tsx';
import type { TableColumn } from '../view/data-table.tsx';
import { ServiceLink } from '../view/service-link.tsx';
import { useLanguage } from '../view/use-language.ts';
import { costText } from './cost-text.ts';

type Item = AllUsage['items'][number];

interface UsageTableProps {
  readonly usage: AllUsage;
  readonly group: UsageGroup | 'client';
}

/** A row a group, first the one with the most tokens. */
export function UsageTable({ usage: { items, currency }, group }: UsageTableProps) {
  const { t } = useFairwayText();
  const language = useLanguage();
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const number = (id: string, label: string, of: (item: Item) => number | undefined): TableColumn<Item> => ({
    ...{ id, label, number: true, sortBy: of },
    cell: item => {
      const value = of(item);
      return value === undefined ? undefined : whole.format(value);
    },
  });
  const nameOf = ({ group: name }: Item) => {
    if (name === '') return t('usage.unknown');
    const [namespace, service] = name.split('/');
    return group === 'service' && service ? <ServiceLink service={service} namespace={namespace} /> : name;
  };
  return (
    <DataTable
      label={t('usage.title')}
      rows={items}
      most={100}
      idOf={item => item.group}
      columns={[
        { id: 'group', label: t(`usage.by.${group}`), sortBy: item => item.group, cell: nameOf },
        ...(group === 'service'
          ? [{ id: 'namespace', label: t('services.namespace'), cell: (item: Item) => item.group.split('/')[0] }]
          : []),
        number('requests', t('usage.requests'), ({ requests }) => requests),
        number('failed', t('usage.failed'), ({ failed }) => failed),
        number('prompt', t('usage.prompt'), ({ promptTokens }) => promptTokens),
        number('completion', t('usage.completion'), ({ completionTokens }) => completionTokens),
        number('cached', t('usage.cached'), ({ cached }) => cached),
        number('first', t('usage.firstToken'), ({ timeToFirstToken }) => timeToFirstToken),
        ...(currency === undefined
          ? []
          : [
              {
                ...{ id: 'cost', label: t('usage.cost', { currency }), number: true },
                sortBy: ({ cost }: Item) => cost,
                cell: ({ cost = 0, unpriced = 0 }: Item) => costText(cost, unpriced, language),
              },
            ]),
      ]}
    />
  );
}
