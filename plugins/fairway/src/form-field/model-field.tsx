import { useEffect, useState } from 'react';
import { Alert, Flex, Text, TextField } from '@backstage/ui';
import type { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { bytesText } from '../view/figures.ts';
import { useFailureText } from '../view/use-failure-text.ts';
import { useOperation } from '../view/use-operation.ts';

/** Milliseconds without a key after which the hub is asked. */
const pause = 600;

/** Classes that are named; the others are in the list of the next page. */
const shown = 4;

/**
 * The field of a template that asks for a model: one types its name on the hub, and the template gets it with its commit. What the hub and the
 * clusters say of it is shown below. A hub that does not answer costs nothing: a reference with its commit is taken as it is written.
 */
export function ModelField(props: FieldExtensionComponentProps<string>) {
  const { formData, onChange, disabled, readonly, rawErrors = [], schema, required } = props;
  const { t } = useFairwayText();
  const failureText = useFailureText();
  const [written, setWritten] = useState(formData ?? '');
  const asked = useLater(written.trim());
  const { value, error } = useOperation('model', asked ? { query: { reference: asked } } : undefined);
  const found = value && asked === written.trim() ? value : undefined;
  useEffect(() => {
    if (found) onChange(found.reference);
  }, [found?.reference]);
  return (
    <Flex direction="column" gap="2">
      <TextField
        label={schema.title}
        description={schema.description}
        isRequired={required}
        secondaryLabel={required ? t('state.required') : undefined}
        value={written}
        isDisabled={disabled || readonly}
        onChange={text => {
          setWritten(text);
          onChange(text.trim() || undefined);
        }}
      />
      <div role="status" aria-live="polite">
        {asked && !found && !error && <Text color="secondary">{t('model.asking')}</Text>}
        {asked && error && <Alert status="warning" icon title={t('model.unknown')} description={failureText(error)} />}
        {found && (
          <Alert
            status={found.fits.length > 0 ? 'success' : 'warning'}
            icon
            title={t('model.found', {
              size: bytesText(found.bytes),
              format: found.format,
              license: found.license ?? t('model.noLicense'),
            })}
            description={
              <Flex direction="column" gap="1">
                <Text>{found.reference}</Text>
                <Text>
                  {t(found.fits.length > 0 ? 'model.fits' : 'model.fitsNone', {
                    context: String(found.contextLength),
                    sequences: String(found.sequences),
                    classes: found.fits
                      .slice(0, shown)
                      .map(({ gpuClass, gpus, clusters }) =>
                        clusters.length > 0
                          ? t('model.classWithRoom', { gpus: String(gpus), gpuClass, clusters: clusters.join(', ') })
                          : t('model.class', { gpus: String(gpus), gpuClass }),
                      )
                      .join('; '),
                  })}
                </Text>
              </Flex>
            }
          />
        )}
      </div>
      {rawErrors.map(problem => (
        <Text key={problem} role="alert" color="danger">
          {problem}
        </Text>
      ))}
    </Flex>
  );
}

/** A text once its author pauses. */
function useLater(text: string): string {
  const [settled, setSettled] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pause);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
