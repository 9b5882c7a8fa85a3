import { ConfigurationError } from '../configuration-error.ts';
import type { RandomAccess } from './random-access.ts';
import { SequentialReader } from './sequential-reader.ts';
import type { Block, Weights } from './weights.ts';
import { reasonOf } from '../reasons/delivery-reason.ts';

export type GgufValue = string | number | boolean | readonly number[];

export interface Gguf extends Weights {
  /** Scalars and short numeric arrays; long arrays (the vocabulary) are passed over. */
  readonly metadata: ReadonlyMap<string, GgufValue>;
}

// ggml's element types: name, elements of a block, bytes of a block
const elementTypes: Readonly<Record<number, readonly [name: string, elements: number, bytes: number]>> = {
  0: ['F32', 1, 4],
  1: ['F16', 1, 2],
  2: ['Q4_0', 32, 18],
  3: ['Q4_1', 32, 20],
  6: ['Q5_0', 32, 22],
  7: ['Q5_1', 32, 24],
  8: ['Q8_0', 32, 34],
  9: ['Q8_1', 32, 36],
  10: ['Q2_K', 256, 84],
  11: ['Q3_K', 256, 110],
  12: ['Q4_K', 256, 144],
  13: ['Q5_K', 256, 176],
  14: ['Q6_K', 256, 210],
  15: ['Q8_K', 256, 292],
  16: ['IQ2_XXS', 256, 66],
  17: ['IQ2_XS', 256, 74],
  18: ['IQ3_XXS', 256, 98],
  19: ['IQ1_S', 256, 50],
  20: ['IQ4_NL', 32, 18],
  21: ['IQ3_S', 256, 110],
  22: ['IQ2_S', 256, 82],
  23: ['IQ4_XS', 256, 136],
  24: ['I8', 1, 1],
  25: ['I16', 1, 2],
  26: ['I32', 1, 4],
  27: ['I64', 1, 8],
  28: ['F64', 1, 8],
  29: ['IQ1_M', 256, 56],
  30: ['BF16', 1, 2],
  34: ['TQ1_0', 256, 54],
  35: ['TQ2_0', 256, 66],
  39: ['MXFP4', 32, 17],
  40: ['NVFP4', 64, 36],
  41: ['Q1_0', 128, 18],
  42: ['Q2_0', 64, 18],
};

const valueSizes: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};
const stringType = 8;
const arrayType = 9;

// far over every real model; a damaged count must not make us read forever
const mostEntries = 1_000_000;
const mostKeptNumbers = 4096;

interface Tensor {
  readonly name: string;
  readonly elements: number;
  /** Of its type. */
  readonly code: number;
  /** From the first of them. */
  readonly offset: number;
}

// `blk.3.ffn_up_exps.weight`; those that every token goes through are `ffn_up_shexp`
const routedExpert = /_exps\./;
const layer = /^blk\.(\d{1,4})\./;

/** Reads the header of a GGUF file, version 2 or 3, little-endian. The tensors are not read. */
export async function readGguf(file: RandomAccess): Promise<Gguf> {
  const broken = (what: string): ConfigurationError =>
    new ConfigurationError(reasonOf('model.noGguf', { file: file.name, words: what }));
  const input = new SequentialReader(file, broken);

  const magic = file.size < 4 ? '' : (await input.bytes(4)).toString('latin1');
  if (magic !== 'GGUF') throw broken('it does not begin with the letters GGUF');
  const version = (await input.bytes(4)).readUInt32LE();
  if (version !== 2 && version !== 3) throw broken(`its version is ${version}, and 2 and 3 (little-endian) are known`);
  const tensorCount = await input.count(mostEntries, 'tensors');
  const entryCount = await input.count(mostEntries, 'metadata entries');

  const metadata = new Map<string, GgufValue>();
  for (let entry = 0; entry < entryCount; entry++) {
    const key = await input.text();
    const value = await readValue(input, (await input.bytes(4)).readUInt32LE(), broken);
    if (value !== undefined) metadata.set(key, value);
  }

  const tensors: Tensor[] = [];
  for (let tensor = 0; tensor < tensorCount; tensor++) {
    const name = await input.text();
    const dimensions = (await input.bytes(4)).readUInt32LE();
    if (dimensions > 8) throw broken(`a tensor has ${dimensions} dimensions`);
    let elements = 1;
    for (let dimension = 0; dimension < dimensions; dimension++)
      elements *= Number((await input.bytes(8)).readBigUInt64LE());
    const code = (await input.bytes(4)).readUInt32LE();
    tensors.push({ name, elements, code, offset: await input.count(file.size, 'bytes before a tensor') });
  }
  const starts = tensors.map(({ offset }) => offset).toSorted((one, other) => one - other);
  let parameters = 0;
  let bytes = 0;
  let expertBytes = 0;
  const types = new Map<string, number>();
  const blocks: Block[] = [];
  for (const { name, elements, code, offset } of tensors) {
    // of a type that is newer than this list the place of the next tensor says the size
    const [type, blockElements, blockBytes] = elementTypes[code] ?? [
      `type ${code}`,
      elements,
      (starts.find(start => start > offset) ?? file.size - input.position) - offset,
    ];
    const size = Math.ceil(elements / blockElements) * blockBytes;
    parameters += elements;
    bytes += size;
    const routed = routedExpert.test(name) ? size : 0;
    expertBytes += routed;
    const at = Number(layer.exec(name)?.[1] ?? Number.NaN);
    if (Number.isFinite(at)) {
      while (blocks.length <= at) blocks.push({ bytes: 0, expertBytes: 0 });
      const { bytes: before, expertBytes: experts } = blocks[at] ?? { bytes: 0, expertBytes: 0 };
      blocks[at] = { bytes: before + size, expertBytes: experts + routed };
    }
    types.set(type, (types.get(type) ?? 0) + size);
  }
  if (input.position + bytes > file.size)
    throw broken(
      `its tensors need ${bytes} bytes after a header of ${input.position}, and the file has ${file.size}: it is cut off`,
    );
  return {
    format: 'gguf',
    parameters,
    bytes,
    ...(expertBytes > 0 ? { expertBytes } : {}),
    ...(blocks.length > 0 ? { blocks } : {}),
    types,
    metadata,
  };
}

async function readValue(
  input: SequentialReader,
  type: number,
  broken: (what: string) => Error,
): Promise<GgufValue | undefined> {
  if (type === stringType) return await input.text();
  if (type !== arrayType) return scalar(await input.bytes(sizeOf(type, broken)), type);

  const element = (await input.bytes(4)).readUInt32LE();
  const length = await input.count(Number.MAX_SAFE_INTEGER, 'array elements');
  if (element === stringType) {
    for (let index = 0; index < length; index++) await input.skipText();
    return undefined;
  }
  if (element === arrayType) {
    for (let index = 0; index < length; index++) await readValue(input, arrayType, broken);
    return undefined;
  }
  const size = sizeOf(element, broken);
  if (length > mostKeptNumbers) {
    input.skip(length * size);
    return undefined;
  }
  const bytes = await input.bytes(length * size);
  return Array.from({ length }, (_, index) =>
    Number(scalar(bytes.subarray(index * size, (index + 1) * size), element)),
  );
}

function sizeOf(type: number, broken: (what: string) => Error): number {
  const size = valueSizes[type];
  if (size === undefined) throw broken(`a metadata entry has the type ${type}, which is unknown`);
  return size;
}

function scalar(bytes: Buffer, type: number): number | boolean {
  switch (type) {
    case 0:
      return bytes.readUInt8();
    case 1:
      return bytes.readInt8();
    case 2:
      return bytes.readUInt16LE();
    case 3:
      return bytes.readInt16LE();
    case 4:
      return bytes.readUInt32LE();
    case 5:
      return bytes.readInt32LE();
    case 6:
      return bytes.readFloatLE();
    case 7:
      return bytes.readUInt8() !== 0;
    case 10:
      return Number(bytes.readBigUInt64LE());
    case 11:
      return Number(bytes.readBigInt64LE());
    default:
      return bytes.readDoubleLE();
  }
}
