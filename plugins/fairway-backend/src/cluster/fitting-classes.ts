import type { FitQuestion, FittingClasses } from '@fairway/backstage-plugin-fairway-common';
import { gpuClasses } from '@fairway/service';
import type { GpuClass } from '@fairway/service';
import type { AskedFacts } from '../models/asked-models.ts';
import { answerFit } from './fit.ts';
import type { FitCluster } from './fit.ts';

/** GPUs of one node that engines share a model between. */
const counts = [1, 2, 4, 8];

/** What a new service begins with: enough for conversations, and no more than the model was made for. */
const usual = { contextLength: 8192, sequences: 16 };

/** The GPU classes that hold a model, each with the fewest GPUs: those with room in a cluster first, then by the memory that is taken. */
export function fittingClasses(model: AskedFacts, clusters: readonly FitCluster[]): FittingClasses {
  const contextLength = Math.min(usual.contextLength, model.contextLength ?? usual.contextLength);
  const { sequences } = usual;
  const question = (gpuClass: GpuClass, gpusPerReplica: number): FitQuestion => ({
    // the facts are given beside it
    model: { reference: '' },
    ...{ contextLength, sequences, gpuClass: gpuClass.name, gpusPerReplica, replicas: 1 },
  });
  const fits = [...gpuClasses.values()].flatMap(gpuClass => {
    const gpus = counts.find(count => answerFit(question(gpuClass, count), model, []).memoryFits);
    if (gpus === undefined) return [];
    const { places } = answerFit(question(gpuClass, gpus), model, clusters);
    return [{ gpuClass, gpus, clusters: places.map(({ cluster }) => cluster) }];
  });
  fits.sort(
    (a, b) =>
      Number(b.clusters.length > 0) - Number(a.clusters.length > 0) ||
      a.gpus * a.gpuClass.memoryBytes - b.gpus * b.gpuClass.memoryBytes,
  );
  return { contextLength, sequences, fits: fits.map(fit => ({ ...fit, gpuClass: fit.gpuClass.name })) };
}
