import { useFairwayText } from '../translation/use-fairway-text.ts';
import { FilterSelect, optionsOf } from './filter-select.tsx';

interface ClusterFilterProps {
  readonly clusters: readonly string[];
  readonly value: string | undefined;
  readonly onChange: (cluster: string | undefined) => void;
}

/** Narrows a view to one cluster; absent where there is only one. */
export function ClusterFilter({ clusters, value, onChange }: ClusterFilterProps) {
  const { t } = useFairwayText();
  if (value === undefined && new Set(clusters).size < 2) return null;
  return <FilterSelect label={t('filter.cluster')} options={optionsOf(clusters)} value={value} onChange={onChange} />;
}
