/**
 * Names a GPU that is broken, or GPUs that do not reach each other, from words of CUDA, of NVIDIA's driver (Xid) or of NCCL. Undefined for
 * other words.
 */
export function brokenDevice(words: string): string | undefined {
  if (/uncorrectable (?:NVLink |ECC )?error|\bXid\b|fallen off the bus|GPU is lost/i.test(words))
    return 'A GPU of the node is broken: cordon the node, look at `nvidia-smi -q -d ECC` and the kernel log there, and reset or replace the GPU.';
  if (/NCCL error|\bnccl\w*Error\b|collective operation timeout/i.test(words))
    return 'The GPUs of the pod do not reach each other by NCCL. With NCCL_DEBUG=INFO the log says why; often it is too little shared memory, a GPU that is broken, or a network between nodes that is closed.';
  return undefined;
}
