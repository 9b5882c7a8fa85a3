import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Comparison } from '@fairway/stage/comparison/record';
import { foundGpus } from './nvidia-smi.ts';

/** What the machine is, without its name in a network. @param label how people call such a machine; default: what it has */
export async function machineFacts(label?: string): Promise<Comparison['machine']> {
  const gpu = await foundGpus();
  const cores = availableParallelism();
  const processor = cpus()[0]?.model.trim() || process.arch;
  const memoryGiB = Math.round(totalmem() / 2 ** 30);
  return {
    label: label ?? (gpu ? `${gpu.count} × ${gpu.name}` : `${cores} processors, ${memoryGiB} GiB`),
    processor,
    cores,
    memoryGiB,
    gpu,
  };
}
