import { z } from 'zod';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { Bars } from '../../view/bars.tsx';
import { bytesText } from '../../view/figures.ts';

export const layersSchema = z.array(z.object({ createdBy: z.string(), size: z.number() }));

/** The layers of the built image, each with its size and the instruction that made it. */
export function Layers({ of }: { readonly of: z.output<typeof layersSchema> }) {
  const { t } = useFairwayText();
  const bars = of.map(({ createdBy, size }, index) => ({
    id: String(index),
    text: `${bytesText(size)}: ${createdBy.replace(/\s*# buildkit$/, '') || t('layers.base')}`,
    value: size,
  }));
  return <Bars label={t('layers.title')} bars={bars} />;
}
