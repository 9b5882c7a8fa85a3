import { askedModelSchema, fitQuestionSchema } from '@fairway/backstage-plugin-fairway-common';
import type { AskedModel, FitQuestion } from '@fairway/backstage-plugin-fairway-common';

/** What is typed as numbers, in the order of the form: those of a model that is neither named nor pasted, and the others. */
export const modelNumbers = ['gigabytes', 'layers', 'kvHeads', 'headDim'] as const;
export const fitNumbers = ['contextLength', 'sequences', 'gpusPerReplica', 'replicas'] as const;

/** The question as it is being typed; `model` is a name on the hub or a config.json. */
export type FitForm = Readonly<
  Record<(typeof modelNumbers)[number] | (typeof fitNumbers)[number] | 'model' | 'gpuClass', string>
>;

/** Begins with the shape of a model of eight billion parameters in 16 bits, so that there is something to change. */
export const firstForm: FitForm = {
  model: '',
  gigabytes: '16.1',
  layers: '32',
  kvHeads: '8',
  headDim: '128',
  contextLength: '8192',
  sequences: '16',
  gpuClass: '',
  gpusPerReplica: '1',
  replicas: '1',
};

/** The model of the form, if it is filled in well. */
export function modelOf({ model, gigabytes, layers, kvHeads, headDim }: FitForm): AskedModel | undefined {
  const written = model.trim();
  const numbers = { bytes: Math.round(Number(gigabytes) * 1e9), layers, kvHeads, headDim };
  const named = written.startsWith('{') ? { config: written } : { reference: written };
  return askedModelSchema.safeParse(written ? named : numbers).data;
}

/** The question once every field is filled in well. */
export function questionOf(form: FitForm): FitQuestion | undefined {
  const { gpuClass, contextLength, sequences, gpusPerReplica, replicas } = form;
  if (!gpuClass) return undefined;
  const numbers = { contextLength, sequences, gpusPerReplica, replicas };
  return fitQuestionSchema.safeParse({ model: modelOf(form), gpuClass, ...numbers }).data;
}
