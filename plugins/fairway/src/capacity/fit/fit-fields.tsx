import { Flex, Select, TextAreaField, TextField } from '@backstage/ui';
import { gpuClassNames } from '@fairway/service/gpu-classes';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import classes from '../capacity.module.css';
import { fitNumbers, modelNumbers } from './fit-form.ts';
import type { FitForm } from './fit-form.ts';

interface FitFieldsProps {
  readonly form: FitForm;
  readonly onChange: (form: FitForm) => void;
  readonly isDisabled?: boolean;
}

/** The fields of the question, as they are being typed. */
export function FitFields(props: FitFieldsProps) {
  return (
    <Flex direction="column" gap="3">
      <ModelText {...props} />
      <FitNumbers {...props} />
    </Flex>
  );
}

/** A name on the hub, or what is in the model's config.json. */
export function ModelText({ form, onChange, isDisabled = false }: FitFieldsProps) {
  const { t } = useFairwayText();
  return (
    <TextAreaField
      label={t('fit.model')}
      description={t('fit.modelHint')}
      value={form.model}
      isDisabled={isDisabled}
      onChange={model => onChange({ ...form, model })}
    />
  );
}

/** The class, and what is asked of it in numbers; those of a model that is neither named nor pasted too. */
export function FitNumbers({ form, onChange, isDisabled = false }: FitFieldsProps) {
  const { t } = useFairwayText();
  const numbers = form.model.trim() ? fitNumbers : [...modelNumbers, ...fitNumbers];
  return (
    <div className={classes.fields}>
      <Select
        label={t('fit.gpuClass')}
        options={gpuClassNames.map(name => ({ value: name, label: name }))}
        placeholder={t('fit.choose')}
        value={form.gpuClass || null}
        isDisabled={isDisabled}
        onChange={key => onChange({ ...form, gpuClass: key === null ? '' : String(key) })}
      />
      {numbers.map(name => (
        <TextField
          key={name}
          label={t(`fit.${name}`)}
          inputMode="decimal"
          value={form[name]}
          isDisabled={isDisabled}
          onChange={value => onChange({ ...form, [name]: value })}
        />
      ))}
    </div>
  );
}
