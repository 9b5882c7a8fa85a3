import { createFormField, FormFieldBlueprint } from '@backstage/plugin-scaffolder-react/alpha';
import { modelFieldName } from './field-name.ts';

export const modelFormField = FormFieldBlueprint.make({
  name: 'model',
  params: {
    field: async () => {
      const { ModelField } = await import('./model-field.tsx');
      return createFormField({ name: modelFieldName, component: ModelField });
    },
  },
});
