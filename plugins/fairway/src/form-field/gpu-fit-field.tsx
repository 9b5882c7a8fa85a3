import { useEffect, useState } from 'react';
import { Flex, Text } from '@backstage/ui';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import type { GpuFitValue } from '@fairway/backstage-plugin-fairway-common';
import { FitFields } from '../capacity/fit/fit-fields.tsx';
import { questionOf } from '../capacity/fit/fit-form.ts';
import type { FitForm } from '../capacity/fit/fit-form.ts';
import { FitResult } from '../capacity/fit/fit-result.tsx';
import { useOperation } from '../view/use-operation.ts';
import { formOf, valueOf } from './fit-value.ts';
import classes from './gpu-fit-field.module.css';

/** The field of a template that asks for GPUs, and shows while one types whether and where they are free. */
export function GpuFitField(props: FieldExtensionComponentProps<GpuFitValue>) {
  const { formData, onChange, disabled, readonly, rawErrors = [], schema, idSchema } = props;
  // the model of an earlier page of the form
  const { reference } = (props.formContext as { formData?: { reference?: string } } | undefined)?.formData ?? {};
  const [form, setForm] = useState(() => formOf(formData ?? (reference ? { model: { reference } } : undefined)));
  const { value: known } = useOperation('model', reference && !form.gpuClass ? { query: { reference } } : undefined);
  // the template must have the example with which the field begins, even if nobody touches it
  useEffect(() => {
    onChange(valueOf(form));
    // once: later changes tell by themselves
  }, []);
  const change = (next: FitForm) => {
    setForm(next);
    onChange(valueOf(next));
  };
  useEffect(() => {
    const [best] = known?.fits ?? [];
    if (!known || !best || form.gpuClass) return;
    const { contextLength, sequences } = known;
    const lengths = { contextLength: String(contextLength), sequences: String(sequences) };
    change({ ...form, ...lengths, gpuClass: best.gpuClass, gpusPerReplica: String(best.gpus) });
  }, [known]);
  const titleId = `${idSchema.$id}__title`;
  return (
    <div role="group" aria-labelledby={titleId}>
      {/* the fields take their own background from one around them, which the form of the scaffolder does not give */}
      <Flex direction="column" gap="3" p="3" bg="neutral" className={classes.field}>
        <Text as="h4" weight="bold" id={titleId}>
          {schema.title}
        </Text>
        {schema.description && <Text color="secondary">{schema.description}</Text>}
        <FitFields form={form} onChange={change} isDisabled={disabled || readonly} />
        <FitResult question={questionOf(form)} />
        {rawErrors.map(error => (
          <Text key={error} role="alert" color="danger">
            {error}
          </Text>
        ))}
      </Flex>
    </div>
  );
}
