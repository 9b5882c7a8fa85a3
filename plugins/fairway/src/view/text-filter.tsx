import { SearchField } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';

interface TextFilterProps {
  readonly value: string | undefined;
  readonly onChange: (text: string | undefined) => void;
}

/** Narrows a view to what has this text in its names. */
export function TextFilter({ value = '', onChange }: TextFilterProps) {
  const { t } = useFairwayText();
  return (
    <SearchField
      label={t('filter.text')}
      size="small"
      // its own is English in every language
      placeholder=""
      value={value}
      onChange={text => onChange(text === '' ? undefined : text)}
    />
  );
}

/** Whether one of the names holds the text, in whatever case. */
export function holdsText(text: string | undefined, names: readonly (string | undefined)[]): boolean {
  const wanted = text?.trim().toLowerCase() ?? '';
  return wanted === '' || names.some(name => name?.toLowerCase().includes(wanted));
}
