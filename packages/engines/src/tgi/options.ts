import type { Dialect } from '../dialect.ts';

/** `Args` of TGI's launcher/src/main.rs (3.3.6), which clap reads. */
export const tgiDialect: Dialect = {
  options: {
    '--model-id': 'text',
    '--served-model-name': 'text',
    '--revision': 'text',
    '--hostname': 'text',
    '--port': 'whole',
    '--num-shard': 'whole',
    '--max-input-tokens': 'whole',
    '--max-total-tokens': 'whole',
    '--max-batch-size': 'whole',
    '--cuda-memory-fraction': 'number',
    '--kv-cache-dtype': 'text',
    '--dtype': 'text',
    '--quantize': 'text',
    '--rope-scaling': 'text',
    '--rope-factor': 'number',
    '--lora-adapters': 'text',
    '--speculate': 'whole',
  },
  aliases: { '-p': '--port' },
  abbreviates: false,
  neighbours: [],
  underscores: false,
  equals: true,
  dotted: false,
};
