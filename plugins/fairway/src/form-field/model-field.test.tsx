import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Form } from '@backstage/plugin-scaffolder-react/alpha';
import type { ScaffolderRJSFField } from '@backstage/plugin-scaffolder-react';
import validator from '@rjsf/validator-ajv8';
import { renderView } from '../testing/render-view.tsx';
import type { Answers } from '../testing/fake-fairway.ts';
import { ModelField } from './model-field.tsx';

const pinned = `hf://team/tiny@${'0123456789'.repeat(4)}`;
const reference = { title: 'Model', type: 'string' as const, pattern: '^hf://[\\w.-]+/[\\w.-]+@[0-9a-f]{40}$' };

function renderField(answers: Answers) {
  const onSubmit = jest.fn();
  renderView(
    <Form
      validator={validator}
      schema={{ type: 'object', properties: { reference }, required: ['reference'] }}
      uiSchema={{ reference: { 'ui:field': 'FairwayModel' } }}
      fields={{ FairwayModel: ModelField as ScaffolderRJSFField }}
      onSubmit={({ formData }) => onSubmit(formData)}
    />,
    answers,
  );
  return onSubmit;
}

test('a name becomes a commit, and what holds the model is said', async () => {
  const onSubmit = renderField({
    model: () => ({
      ...{ reference: pinned, format: 'safetensors', bytes: 16.1e9, license: 'Apache-2.0' },
      ...{ contextLength: 8192, sequences: 16 },
      fits: [
        { gpuClass: 'nvidia-l40s-48gb', gpus: 1, clusters: ['east', 'west'] },
        { gpuClass: 'nvidia-l4-24gb', gpus: 2, clusters: [] },
      ],
    }),
  });
  await userEvent.type(await screen.findByRole('textbox', { name: 'Model' }), 'team/tiny');
  expect(await screen.findByText('16.1 GB of weights, safetensors, Apache-2.0')).toBeInTheDocument();
  expect(
    screen.getByText(
      'With 8192 tokens and 16 sequences at once it fits 1 × nvidia-l40s-48gb (room in east, west); 2 × nvidia-l4-24gb',
    ),
  ).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Submit' }));
  expect(onSubmit).toHaveBeenCalledWith({ reference: pinned });
});

test('without an answer of the hub a reference with its commit is taken, and a name is not', async () => {
  const onSubmit = renderField({
    model: () => {
      throw new Error('The hub cannot be reached.');
    },
  });
  const field = await screen.findByRole('textbox', { name: 'Model' });
  await userEvent.type(field, 'team/tiny');
  expect(await screen.findByText('The hub cannot be reached.')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Submit' }));
  expect((await screen.findAllByText(/must match pattern/))[0]).toBeInTheDocument();
  expect(onSubmit).not.toHaveBeenCalled();
  await userEvent.clear(field);
  await userEvent.type(field, pinned);
  await userEvent.click(screen.getByRole('button', { name: 'Submit' }));
  expect(onSubmit).toHaveBeenCalledWith({ reference: pinned });
});
