import { useState } from 'react';
import { Select } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { holdsText } from './text-filter.tsx';

/** Stands for no filter; no name of a team, environment or cluster. */
const everything = '*';

/** Stands for what the list does not show; it cannot be chosen. */
const rest = '…';

/** More options than this are too many to look through. */
const few = 12;

/** A browser draws so many without a pause; the others are found by a part of their name. */
const most = 100;

interface FilterSelectProps {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** Chooses one of the values that there are, or all. */
export function FilterSelect({ label, options, value, onChange }: FilterSelectProps) {
  const { t } = useFairwayText();
  const [text, setText] = useState('');
  // one from the address may be gone from the list: it still is what narrows the view
  const missing = value !== undefined && !options.some(option => option.value === value);
  const choices = [
    { value: everything, label: t('filter.all') },
    ...options,
    ...(missing ? [{ value, label: value }] : []),
  ];
  const found = choices.filter(one => holdsText(text, [one.label]));
  const shown = found.filter((one, place) => place < most || one.value === value);
  const more = found.length - shown.length;
  return (
    <Select
      label={label}
      size="small"
      search={
        options.length > few
          ? { mode: 'server', placeholder: t('filter.text'), inputValue: text, onInputChange: setText }
          : undefined
      }
      onOpenChange={() => setText('')}
      options={[
        ...shown,
        ...(more > 0 ? [{ value: rest, label: t('filter.more', { count: more }), disabled: true }] : []),
        ...(found.length === 0 ? [{ value: rest, label: t('filter.nothing'), disabled: true }] : []),
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
