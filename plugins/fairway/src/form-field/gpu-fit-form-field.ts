import { createFormField, FormFieldBlueprint } from '@backstage/plugin-scaffolder-react/alpha';
import { gpuFitFieldName } from './field-name.ts';

export const gpuFitFormField = FormFieldBlueprint.make({
  name: 'gpu-fit',
  params: {
    field: async () => {
      const { GpuFitField } = await import('./gpu-fit-field.tsx');
      return createFormField({ name: gpuFitFieldName, component: GpuFitField });
    },
  },
});
