import type { Dialect } from '../dialect.ts';

/** The argparse of FastChat's serve/model_worker.py with `add_model_args` of model/model_adapter.py (0.2.36), its last release. */
export const fastchatDialect: Dialect = {
  options: {
    '--model-path': 'text',
    '--model-names': 'text',
    '--revision': 'text',
    '--host': 'text',
    '--port': 'whole',
    '--worker-address': 'text',
    '--controller-address': 'text',
    '--limit-worker-concurrency': 'whole',
    '--device': 'text',
    '--num-gpus': 'whole',
    '--dtype': 'text',
    '--load-8bit': 'switch',
    '--cpu-offloading': 'switch',
    '--max-gpu-memory': 'text',
    '--gptq-ckpt': 'text',
    '--awq-ckpt': 'text',
  },
  aliases: {},
  elsewhere: ['--ssl'],
  abbreviates: true,
  neighbours: [
    ...[
      '--help',
      '--conv-template',
      '--embed-in-truncate',
      '--stream-interval',
      '--no-register',
      '--seed',
      '--debug',
      '--ssl',
    ],
    ...['--gpus', '--gptq-wbits', '--gptq-groupsize', '--gptq-act-order', '--awq-wbits', '--awq-groupsize'],
    ...['--enable-exllama', '--exllama-max-seq-len', '--exllama-gpu-split', '--exllama-cache-8bit'],
    ...['--enable-xft', '--xft-max-seq-len', '--xft-dtype'],
  ],
  underscores: false,
  equals: true,
  dotted: false,
};
