import type { Dialect } from '../dialect.ts';

const options: Dialect['options'] = {
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
};

/** `Args` of TGI's launcher/src/main.rs (3.3.6), which clap reads. */
export const tgiDialect: Dialect = {
  options,
  // of the second the launcher says that it is an older name, and takes one of the two
  aliases: { '-p': '--port', '--max-input-length': '--max-input-tokens' },
  elsewhere: ['--api-key'],
  abbreviates: false,
  neighbours: [],
  underscores: false,
  equals: true,
  dotted: false,
  ofVariable(name) {
    const option = `--${name.toLowerCase().replaceAll('_', '-')}`;
    return options[option] && /^[A-Z_]+$/.test(name) ? option : undefined;
  },
};
