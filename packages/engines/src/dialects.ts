import type { EngineName } from '@fairway/service/engine-names';
import type { Dialect } from './dialect.ts';
import { fastchatDialect } from './fastchat/options.ts';
import { llamacppDialect } from './llamacpp/options.ts';
import { sglangDialect } from './sglang/options.ts';
import { tgiDialect } from './tgi/options.ts';
import { transformersDialect } from './transformers/options.ts';
import { vllmDialect } from './vllm/options.ts';

export const dialects: Readonly<Record<EngineName, Dialect>> = {
  vllm: vllmDialect,
  sglang: sglangDialect,
  llamacpp: llamacppDialect,
  tgi: tgiDialect,
  fastchat: fastchatDialect,
  transformers: transformersDialect,
};
