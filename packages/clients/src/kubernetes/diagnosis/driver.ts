import { reasonOf, type Reason } from '@fairway/service/reasons/delivery-reason';

/**
 * Names a mismatch of a node's GPU driver and a program's CUDA, from words of NVIDIA's container runtime, of CUDA or of PyTorch.
 * Undefined for other words.
 */
export function driverProblem(words: string): Reason | undefined {
  const needed = /unsatisfied condition: (cuda ?>= ?[\d.]+)/.exec(words)?.[1];
  if (needed !== undefined) return reasonOf('driver.olderThan', { needed });
  if (
    /driver version is insufficient|driver on your system is too old|unsupported display driver|unsupported toolchain/i.test(
      words,
    )
  )
    return reasonOf('driver.older');
  if (/no kernel image is available|not compatible with the current PyTorch|invalid device function/i.test(words))
    return reasonOf('driver.noCode');
  if (/forward compatibility was attempted on non supported HW/i.test(words)) return reasonOf('driver.compatibility');
  if (/Driver\/library version mismatch|LibRmVersionMismatch|NVML\/RM version mismatch/i.test(words))
    return reasonOf('driver.updated');
  // GPUs that NVSwitch connects, before their fabric manager runs
  if (/system not yet initialized|cudaErrorSystemNotReady/i.test(words)) return reasonOf('driver.fabric');
  if (closedGpu.test(words)) return reasonOf('driver.closedGpu');
  if (noGpu.test(words)) return reasonOf('driver.noGpu');
  if (/nvidia-container-cli: |unresolvable CDI devices|failed to inject CDI devices/i.test(words))
    return reasonOf('driver.runtime');
  return undefined;
}

// PyTorch for ROCm says the same of a GPU that is not there and of one that its user may not open
const closedGpu = /No HIP GPUs are available|no ROCm-capable device|\/dev\/(?:kfd|dri)\b.*(?:denied|not permitted)/i;

// PyTorch, NVML, CUDA and vLLM
const noGpu =
  /Found no NVIDIA driver|lib(cuda|nvidia-ml)\.so\.1: cannot open|no CUDA-capable device|driver not loaded|NVML Shared Library Not Found|CUDA driver initialization failed|No CUDA GPUs are available|Failed to infer device type/i;
