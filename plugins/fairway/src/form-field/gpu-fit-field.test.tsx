import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Form } from '@backstage/plugin-scaffolder-react/alpha';
import type { ScaffolderRJSFField } from '@backstage/plugin-scaffolder-react';
import validator from '@rjsf/validator-ajv8';
import { renderView } from '../testing/render-view.tsx';
import { GpuFitField } from './gpu-fit-field.tsx';

const gpu = {
  title: 'GPUs',
  type: 'object' as const,
  description: 'Whether it fits is shown while you type.',
  required: ['gpuClass', 'gpusPerReplica', 'replicas', 'contextLength', 'sequences'],
};

const answer = {
  memoryFits: true,
  fits: true,
  sentence: 'It fits into one GPU.',
  places: [{ cluster: 'east', replicas: 3, nodes: ['gpu-1'] }],
};

test('in a form of the scaffolder the fit is shown while typing, and the template gets what was typed', async () => {
  const onSubmit = jest.fn();
  renderView(
    <Form
      validator={validator}
      schema={{ type: 'object', properties: { gpu } }}
      uiSchema={{ gpu: { 'ui:field': 'FairwayGpuFit' } }}
      fields={{ FairwayGpuFit: GpuFitField as ScaffolderRJSFField }}
      onSubmit={({ formData }) => onSubmit(formData)}
    />,
    { fit: () => answer },
  );
  expect(await screen.findByRole('group', { name: 'GPUs' })).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Submit' }));
  expect((await screen.findAllByText(/must have required property 'gpuClass'/))[0]).toBeInTheDocument();
  expect(onSubmit).not.toHaveBeenCalled();

  await userEvent.click(screen.getByRole('button', { name: /GPU class/ }));
  await userEvent.click(await screen.findByRole('option', { name: 'nvidia-l4-24gb' }));
  const replicas = screen.getByRole('textbox', { name: 'Replicas' });
  await userEvent.clear(replicas);
  await userEvent.type(replicas, '3');
  expect(await screen.findByText('It fits into one GPU.')).toBeInTheDocument();
  expect(screen.getByText('east has room for 3 replicas (3 wanted) on gpu-1')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Submit' }));
  expect(onSubmit).toHaveBeenCalledWith({
    gpu: {
      model: { bytes: 16_100_000_000, layers: 32, kvHeads: 8, headDim: 128 },
      ...{ gpuClass: 'nvidia-l4-24gb', gpusPerReplica: 1, replicas: 3, contextLength: 8192, sequences: 16 },
    },
  });
});

test('the model of an earlier page is asked about, with the class that holds it', async () => {
  const reference = `hf://team/tiny@${'0123456789'.repeat(4)}`;
  const { fairway } = renderView(
    <Form
      validator={validator}
      schema={{ type: 'object', properties: { gpu } }}
      uiSchema={{ gpu: { 'ui:field': 'FairwayGpuFit' } }}
      fields={{ FairwayGpuFit: GpuFitField as ScaffolderRJSFField }}
      formContext={{ formData: { reference } }}
    />,
    {
      fit: () => answer,
      model: () => ({
        ...{ reference, format: 'safetensors', bytes: 1e9, contextLength: 4096, sequences: 16 },
        fits: [{ gpuClass: 'nvidia-l40s-48gb', gpus: 2, clusters: ['east'] }],
      }),
    },
  );
  expect(await screen.findByText('It fits into one GPU.')).toBeInTheDocument();
  expect(fairway.asked.findLast(({ name }) => name === 'fit')?.request).toMatchObject({
    body: { model: { reference }, gpuClass: 'nvidia-l40s-48gb', gpusPerReplica: 2, contextLength: 4096 },
  });
});
