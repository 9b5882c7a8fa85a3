import * as z from 'zod';
import { quantity } from './node-room.ts';
import { reasonOf } from './reasons/delivery-reason.ts';
import { rule } from './rule.ts';

/** A quantity over zero as Kubernetes reads it: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const quantityForm = /^\+?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/;

/** Kubernetes takes no CPU finer than a thousandth. */
const isThousandths = (text: string) => {
  const thousandths = quantity(text) * 1000;
  return thousandths >= 1 && Math.abs(thousandths - Math.round(thousandths)) < 1e-6;
};

/** No machine has so many, and whoever writes `500M` means 500m. */
const mostCpu = 10_000;
/** No engine starts in less, and whoever writes 64 means 64Gi. */
const leastMemory = 2 ** 20;

const cpuAllowed = rule(reasonOf('rule.cpu'));
export const cpu = z
  .union(
    [
      z
        .string()
        .regex(quantityForm, cpuAllowed)
        .refine(text => isThousandths(text) && quantity(text) < mostCpu, cpuAllowed),
      z.number().positive(cpuAllowed).multipleOf(0.001, cpuAllowed).lt(mostCpu, cpuAllowed),
    ],
    cpuAllowed,
  )
  .transform(String);

const memoryAllowed = rule(reasonOf('rule.memory'));
export const memory = z
  .union(
    [
      z
        .string()
        .regex(quantityForm, memoryAllowed)
        .refine(text => quantity(text) >= leastMemory, memoryAllowed),
      z.number().int(memoryAllowed).min(leastMemory, memoryAllowed),
    ],
    memoryAllowed,
  )
  .transform(String);
