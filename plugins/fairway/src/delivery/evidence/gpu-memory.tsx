import { z } from 'zod';
import { Flex, Text } from '@backstage/ui';

export const gpuMemorySchema = z.object({
  sentence: z.string(),
  estimate: z.object({ sum: z.string() }).nullish(),
});

/** Whether the model fits into the memory of its GPUs, with the sum that says so. */
export function GpuMemory({ of: { sentence, estimate } }: { readonly of: z.output<typeof gpuMemorySchema> }) {
  return (
    <Flex direction="column" gap="1">
      <Text>{sentence}</Text>
      {estimate && <Text color="secondary">{estimate.sum}</Text>}
    </Flex>
  );
}
