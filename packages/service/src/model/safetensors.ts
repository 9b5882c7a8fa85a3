import * as z from 'zod';
import { ConfigurationError } from '../configuration-error.ts';
import type { RandomAccess } from './random-access.ts';
import type { Weights } from './weights.ts';
import { reasonOf } from '../reasons/delivery-reason.ts';

// the format itself allows no longer header
const longestHeader = 100_000_000;

const whole = z.number().int().nonnegative();
const headerSchema = z.record(
  z.string(),
  z.union([
    z.object({ dtype: z.string(), shape: z.array(whole), data_offsets: z.tuple([whole, whole]) }),
    z.record(z.string(), z.string()),
  ]),
);

// `model.layers.3.mlp.experts.0.up_proj.weight`; experts that every token goes through are `shared_experts`
const routedExpert = /(?:^|\.)experts\./;

/** Reads the header of a safetensors file: eight bytes of length, then JSON. The tensors are not read. */
export async function readSafetensors(file: RandomAccess): Promise<Weights> {
  const broken = (what: string): ConfigurationError =>
    new ConfigurationError(reasonOf('model.noSafetensors', { file: file.name, words: what }));
  if (file.size < 8) throw broken(`it has ${file.size} bytes`);
  const length = (await file.read(0, 8)).readBigUInt64LE();
  if (length > longestHeader || 8n + length > file.size)
    throw broken(`its header would have ${length} bytes and the file has ${file.size}`);

  const header = headerSchema.safeParse(parseJson((await file.read(8, Number(length))).toString('utf8')));
  if (!header.success) throw broken('its header is not a table of tensors');
  let parameters = 0;
  let bytes = 0;
  let expertBytes = 0;
  const types = new Map<string, number>();
  for (const [name, tensor] of Object.entries(header.data)) {
    if (name === '__metadata__') continue;
    if (!Array.isArray(tensor.data_offsets) || !Array.isArray(tensor.shape) || typeof tensor.dtype !== 'string')
      throw broken(`the tensor ${name} has no offsets`);
    const [begin, end] = tensor.data_offsets;
    if (end < begin || 8 + Number(length) + end > file.size)
      throw broken(`the tensor ${name} ends at byte ${8 + Number(length) + end} and the file has ${file.size}`);
    parameters += tensor.shape.reduce((product, extent) => product * extent, 1);
    bytes += end - begin;
    if (routedExpert.test(name)) expertBytes += end - begin;
    types.set(tensor.dtype, (types.get(tensor.dtype) ?? 0) + end - begin);
  }
  return { format: 'safetensors', parameters, bytes, ...(expertBytes > 0 ? { expertBytes } : {}), types };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
