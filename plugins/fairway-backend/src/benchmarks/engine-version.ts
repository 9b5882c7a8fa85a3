import type { EngineName } from '@fairway/service';
import type { DeliveryRecord } from '@fairway/stage/record';
import { z } from 'zod';
import { currentEntries } from '../deliveries/entries.ts';
import { parsedJson } from './parsed-json.ts';

/** Names under which bills of materials list the engines. */
const packages: Readonly<Record<EngineName, readonly string[]>> = {
  vllm: ['vllm'],
  tgi: ['text-generation-server', 'text-generation-inference', 'text_generation_server'],
  fastchat: ['fschat'],
  transformers: ['transformers'],
  sglang: ['sglang'],
  llamacpp: ['llama.cpp', 'llama-cpp', 'llama-cpp-python', 'llama_cpp_python'],
};

const billSchema = z.object({
  components: z.array(z.object({ name: z.string(), version: z.string().optional() })),
});

/** Digest of the bill of materials of what was delivered: the one after the fixes, when there were any. */
export function billEvidence(record: DeliveryRecord): string | undefined {
  const entries = currentEntries(record);
  return (['remediate', 'build'] as const)
    .map(stage => entries.get(stage)?.evidence.find(piece => piece.path.endsWith('/sbom.cdx.json'))?.digest)
    .find(digest => digest !== undefined);
}

/** The version of the engine in a CycloneDX bill of materials; absent when it does not list the engine. */
export function engineVersion(engine: EngineName, bill: string): string | undefined {
  const parsed = billSchema.safeParse(parsedJson(bill));
  return parsed.data?.components.find(one => packages[engine].includes(one.name.toLowerCase()))?.version;
}
