/**
 * Names a mismatch of a node's GPU driver and a program's CUDA, from words of NVIDIA's container runtime, of CUDA or of PyTorch.
 * Undefined for other words.
 */
export function driverProblem(words: string): string | undefined {
  const needed = /unsatisfied condition: (cuda ?>= ?[\d.]+)/.exec(words)?.[1];
  if (needed !== undefined)
    return `the driver of the node is older than the image needs (${needed}). Update the driver, or build on an image with an older CUDA.`;
  if (/driver version is insufficient|driver on your system is too old|unsupported display driver/i.test(words))
    return 'the driver of the node is older than the CUDA of the image. Update the driver, or build on an image with an older CUDA.';
  if (/no kernel image is available|not compatible with the current PyTorch/i.test(words))
    return 'the image has no code for this kind of GPU. Build on an image that supports its compute capability, or ask for another resources.gpu.class.';
  if (/forward compatibility was attempted on non supported HW/i.test(words))
    return 'the image brings CUDA libraries that this kind of GPU does not accept. Build on an image with the CUDA of the node’s driver.';
  if (/Driver\/library version mismatch/i.test(words))
    return 'the driver of the node was updated while it ran. Restart the node.';
  if (/Found no NVIDIA driver|libcuda\.so\.1: cannot open|no CUDA-capable device/i.test(words))
    return 'it sees no GPU. Look at the driver and at the container runtime of the node, and whether resources.gpu is asked for.';
  return undefined;
}
