import { reasonOf, type Reason } from '@fairway/service/reasons/delivery-reason';

/**
 * Names a mismatch of a node's GPU driver and a program's CUDA, from words of NVIDIA's container runtime, of CUDA or of PyTorch.
 * Undefined for other words.
 */
export function driverProblem(words: string): Reason | undefined {
  const needed = /unsatisfied condition: (cuda ?>= ?[\d.]+)/.exec(words)?.[1];
  if (needed !== undefined) return reasonOf('driver.olderThan', { needed });
  if (/driver version is insufficient|driver on your system is too old|unsupported display driver/i.test(words))
    return reasonOf('driver.older');
  if (/no kernel image is available|not compatible with the current PyTorch/i.test(words))
    return reasonOf('driver.noCode');
  if (/forward compatibility was attempted on non supported HW/i.test(words)) return reasonOf('driver.compatibility');
  if (/Driver\/library version mismatch/i.test(words)) return reasonOf('driver.updated');
  if (/Found no NVIDIA driver|lib(cuda|nvidia-ml)\.so\.1: cannot open|no CUDA-capable device/i.test(words))
    return reasonOf('driver.noGpu');
  return undefined;
}
