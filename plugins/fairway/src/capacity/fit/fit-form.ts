import { fitQuestionSchema } from '@fairway/backstage-plugin-fairway-common';
import type { FitQuestion } from '@fairway/backstage-plugin-fairway-common';

/** What is typed as numbers, in the order of the form. */
export const fitNumbers = [
  'gigabytes',
  'layers',
  'kvHeads',
  'headDim',
  'contextLength',
  'sequences',
  'gpusPerReplica',
  'replicas',
] as const;

/** The question as it is being typed. */
export type FitForm = Readonly<Record<(typeof fitNumbers)[number] | 'gpuClass', string>>;

/** Begins with the shape of a model of eight billion parameters in 16 bits, so that there is something to change. */
export const firstForm: FitForm = {
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

/** The question once every field is filled in well. */
export function questionOf(form: FitForm): FitQuestion | undefined {
  if (!form.gpuClass) return undefined;
  const { gigabytes, layers, kvHeads, headDim, ...rest } = form;
  const bytes = Math.round(Number(gigabytes) * 1e9);
  const parsed = fitQuestionSchema.safeParse({ model: { bytes, layers, kvHeads, headDim }, ...rest });
  return parsed.success ? parsed.data : undefined;
}
