import { fitQuestionSchema } from '@fairway/backstage-plugin-fairway-common';
import type { GpuFitValue } from '@fairway/backstage-plugin-fairway-common';
import { firstForm } from '../capacity/fit/fit-form.ts';
import type { FitForm } from '../capacity/fit/fit-form.ts';

const { shape } = fitQuestionSchema;

/** What of the form can be written into fairway.yaml; what is not a number yet is left out, and the template asks for it. */
export function valueOf(form: FitForm): GpuFitValue {
  const { gigabytes, layers, kvHeads, headDim } = form;
  const bytes = Math.round(Number(gigabytes) * 1e9);
  return {
    model: shape.model.safeParse({ bytes, layers, kvHeads, headDim }).data,
    contextLength: shape.contextLength.safeParse(form.contextLength).data,
    sequences: shape.sequences.safeParse(form.sequences).data,
    gpuClass: form.gpuClass || undefined,
    gpusPerReplica: shape.gpusPerReplica.safeParse(form.gpusPerReplica).data,
    replicas: shape.replicas.safeParse(form.replicas).data,
  };
}

/** The form with which the field begins: what the template knows already, else an example. */
export function formOf(value: GpuFitValue | undefined): FitForm {
  const text = (number: number | undefined, otherwise: string) => (number === undefined ? otherwise : String(number));
  const model = value?.model;
  return {
    gigabytes: text(model && model.bytes / 1e9, firstForm.gigabytes),
    layers: text(model?.layers, firstForm.layers),
    kvHeads: text(model?.kvHeads, firstForm.kvHeads),
    headDim: text(model?.headDim, firstForm.headDim),
    contextLength: text(value?.contextLength, firstForm.contextLength),
    sequences: text(value?.sequences, firstForm.sequences),
    gpuClass: value?.gpuClass ?? firstForm.gpuClass,
    gpusPerReplica: text(value?.gpusPerReplica, firstForm.gpusPerReplica),
    replicas: text(value?.replicas, firstForm.replicas),
  };
}
