import { z } from 'zod';
import { Flex, Text } from '@backstage/ui';
import { codedReasonSchema } from '@fairway/backstage-plugin-fairway-common';
import { useReasonText } from '../../translation/use-reason-text.ts';

export const gpuMemorySchema = z.object({
  sentence: z.string(),
  // absent in what older versions wrote
  coded: codedReasonSchema.optional(),
  estimate: z.object({ sum: z.string(), codedSum: codedReasonSchema.optional() }).nullish(),
});

/** Whether the model fits into the memory of its GPUs, with the sum that says so. */
export function GpuMemory({ of: { sentence, coded, estimate } }: { readonly of: z.output<typeof gpuMemorySchema> }) {
  const say = useReasonText();
  return (
    <Flex direction="column" gap="1">
      <Text>{say(sentence, coded)}</Text>
      {estimate && <Text color="secondary">{say(estimate.sum, estimate.codedSum)}</Text>}
    </Flex>
  );
}
