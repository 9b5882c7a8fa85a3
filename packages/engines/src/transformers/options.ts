import type { Dialect } from '../dialect.ts';

/**
 * `transformers serve` as Typer reads it (transformers/cli/serve.py of 5.24), with the one other name that 4 has. Underscores are what 4
 * reads too.
 */
export const transformersDialect: Dialect = {
  options: {
    '--host': 'text',
    '--port': 'whole',
    '--dtype': 'text',
    '--quantization': 'text',
    '--continuous-batching': 'switch',
    '--cb-num-blocks': 'whole',
    '--cb-max-memory-percent': 'number',
  },
  aliases: { '--torch-dtype': '--dtype' },
  elsewhere: [],
  abbreviates: false,
  neighbours: [],
  underscores: false,
  equals: true,
  dotted: false,
};
