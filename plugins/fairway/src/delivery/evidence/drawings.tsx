import type { ComponentType, ReactElement } from 'react';
import type { z } from 'zod';
import type { DeliveryTexts } from '../../translation/delivery-english.ts';
import { AttachedDocuments, attachedSchema } from './attached-documents.tsx';
import { AppliedObjects, objectsSchema } from './applied-objects.tsx';
import { Diagnosis, diagnosisSchema } from './diagnosis.tsx';
import { Findings, findingsSchema } from './findings.tsx';
import { FixPlan, fixPlanSchema } from './fix-plan.tsx';
import { GpuMemory, gpuMemorySchema } from './gpu-memory.tsx';
import { Layers, layersSchema } from './layers.tsx';
import { LoadTest } from './load-test.tsx';
import { loadSchema } from './load-schema.ts';
import { Probes, probesSchema } from './probes.tsx';
import { readEvidence } from './read-evidence.ts';
import type { Read } from './read-evidence.ts';
import { ReleaseSteps, stepsSchema } from './release-steps.tsx';
import { RunningPods, podsSchema } from './running-pods.tsx';
import { SizeReport, sizeSchema } from './size-report.tsx';

type Title = Extract<keyof DeliveryTexts, `${string}.title`>;

export interface Drawing {
  readonly title: Title;
  readonly draw: (content: string) => Read<ReactElement>;
}

function drawing<Schema extends z.ZodType>(
  title: Title,
  schema: Schema,
  View: ComponentType<{ readonly of: z.output<Schema> }>,
): Drawing {
  return {
    title,
    draw: content => {
      const read = readEvidence(schema, content);
      return 'problem' in read ? read : { value: <View of={read.value} /> };
    },
  };
}

/** Drawings by what the stages call their evidence. */
export const drawings: ReadonlyMap<string, Drawing> = new Map([
  ['prepare/gpu-fit.json', drawing('memory.title', gpuMemorySchema, GpuMemory)],
  ['build/layers.json', drawing('layers.title', layersSchema, Layers)],
  ['scan/findings.json', drawing('findings.title', findingsSchema, Findings)],
  ['remediate/fix-plan.json', drawing('plan.title', fixPlanSchema, FixPlan)],
  ['optimize/size.json', drawing('size.title', sizeSchema, SizeReport)],
  ['push/referrers.json', drawing('attached.title', attachedSchema, AttachedDocuments)],
  ['deploy/objects.json', drawing('objects.title', objectsSchema, AppliedObjects)],
  ['deploy/pods.json', drawing('pods.title', podsSchema, RunningPods)],
  ['deploy/diagnosis.json', drawing('diagnosis.title', diagnosisSchema, Diagnosis)],
  ['mesh/probes.json', drawing('probes.title', probesSchema, Probes)],
  ['load-test/load.json', drawing('load.title', loadSchema, LoadTest)],
  ['release/steps.json', drawing('steps.title', stepsSchema, ReleaseSteps)],
]);
