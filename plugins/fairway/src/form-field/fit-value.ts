import { fitQuestionSchema } from '@fairway/backstage-plugin-fairway-common';
import type { AskedModel, GpuFitValue } from '@fairway/backstage-plugin-fairway-common';
import { firstForm, modelOf } from '../capacity/fit/fit-form.ts';
import type { FitForm } from '../capacity/fit/fit-form.ts';

const { shape } = fitQuestionSchema;

/** What of the form can be written into fairway.yaml; what is not a number yet is left out, and the template asks for it. */
export function valueOf(form: FitForm): GpuFitValue {
  return {
    model: modelOf(form),
    contextLength: shape.contextLength.safeParse(form.contextLength).data,
    sequences: shape.sequences.safeParse(form.sequences).data,
    gpuClass: form.gpuClass || undefined,
    gpusPerReplica: shape.gpusPerReplica.safeParse(form.gpusPerReplica).data,
    replicas: shape.replicas.safeParse(form.replicas).data,
  };
}

function modelForm(model: AskedModel | undefined): Partial<FitForm> {
  if (!model) return {};
  if ('reference' in model) return { model: model.reference };
  if ('config' in model) return { model: model.config };
  const { bytes, layers, kvHeads, headDim } = model;
  return { gigabytes: String(bytes / 1e9), layers: String(layers), kvHeads: String(kvHeads), headDim: String(headDim) };
}

/** The form with which the field begins: what the template knows already, else an example. */
export function formOf(value: GpuFitValue | undefined): FitForm {
  const text = (number: number | undefined, otherwise: string) => (number === undefined ? otherwise : String(number));
  return {
    ...firstForm,
    ...modelForm(value?.model),
    contextLength: text(value?.contextLength, firstForm.contextLength),
    sequences: text(value?.sequences, firstForm.sequences),
    gpuClass: value?.gpuClass ?? firstForm.gpuClass,
    gpusPerReplica: text(value?.gpusPerReplica, firstForm.gpusPerReplica),
    replicas: text(value?.replicas, firstForm.replicas),
  };
}
