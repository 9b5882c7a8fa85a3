import type { EngineName } from '@fairway/service/engine-names';
import type { Dialect } from './dialect.ts';
import { llamacppDialect } from './llamacpp/options.ts';
import { sglangDialect } from './sglang/options.ts';
import { tgiDialect } from './tgi/options.ts';
import { vllmDialect } from './vllm/options.ts';

const python: Dialect = {
  options: { '--dtype': 'text', '--torch-dtype': 'text', '--load-8bit': 'switch', '--quantization': 'text' },
  aliases: {},
  abbreviates: false,
  neighbours: [],
  underscores: true,
  equals: true,
  dotted: false,
};

export const dialects: Readonly<Record<EngineName, Dialect>> = {
  vllm: vllmDialect,
  sglang: sglangDialect,
  llamacpp: llamacppDialect,
  tgi: tgiDialect,
  fastchat: python,
  transformers: python,
};
