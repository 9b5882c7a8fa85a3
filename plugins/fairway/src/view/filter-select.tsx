import { Select } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';

/** Stands for no filter; no name of a team, environment or cluster. */
const everything = '*';

/** More options than this are too many to look through. */
const few = 12;

interface FilterSelectProps {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** Chooses one of the values that there are, or all. */
export function FilterSelect({ label, options, value, onChange }: FilterSelectProps) {
  const { t } = useFairwayText();
  // one from the address may be gone from the list: it still is what narrows the view
  const missing = value !== undefined && !options.some(option => option.value === value);
  return (
    <Select
      label={label}
      size="small"
      search={options.length > few ? { placeholder: t('filter.text') } : undefined}
      options={[
        { value: everything, label: t('filter.all') },
        ...options,
        ...(missing ? [{ value, label: value }] : []),
      ]}
      value={value ?? everything}
      onChange={key => onChange(key === null || key === everything ? undefined : String(key))}
    />
  );
}

/** Names as options, each once. */
export function optionsOf(names: readonly (string | undefined)[]): { value: string; label: string }[] {
  return [...new Set(names)]
    .flatMap(name => name ?? [])
    .toSorted()
    .map(name => ({ value: name, label: name }));
}
