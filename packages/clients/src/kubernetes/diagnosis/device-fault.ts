import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';

/**
 * Names a GPU that is broken or that another program has, or GPUs that do not reach each other, from words of CUDA, of NVIDIA's driver (Xid) or
 * of NCCL. Undefined for other words.
 */
export function brokenDevice(words: string): Reason | undefined {
  if (/uncorrectable (?:NVLink |ECC )?error|\bXid\b|fallen off the bus|GPU is lost/i.test(words))
    return reasonOf('log.gpuBroken');
  // cudaErrorDevicesUnavailable of the CUDA runtime, in its older and its newer words
  if (/devices? ?(?:\(s\) is\/)?are busy or unavailable/i.test(words)) return reasonOf('log.gpuTaken');
  if (/NCCL error|\bnccl\w*Error\b|collective operation timeout/i.test(words)) return reasonOf('log.nccl');
  return undefined;
}
