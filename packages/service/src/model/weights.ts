/** One layer of a model. */
export interface Block {
  readonly bytes: number;
  /** Of these, those of the experts among which a token is routed. */
  readonly expertBytes: number;
}

/** What a header of weights tells. */
export interface Weights {
  readonly format: 'gguf' | 'safetensors';
  /** Stored elements; formats that pack several quantised values into one element count as fewer. */
  readonly parameters: number;
  /** Bytes of the tensors, without the header. */
  readonly bytes: number;
  /** Bytes of the experts among which a token is routed; absent where the model has none. */
  readonly expertBytes?: number;
  /** Each layer, of GGUF. */
  readonly blocks?: readonly Block[];
  /** Bytes by element type, such as BF16 or Q4_K. */
  readonly types: ReadonlyMap<string, number>;
}

export function sumWeights(parts: readonly Weights[]): Weights {
  const [first] = parts;
  if (!first) throw new Error('no weights to sum');
  const types = new Map<string, number>();
  for (const part of parts) for (const [type, bytes] of part.types) types.set(type, (types.get(type) ?? 0) + bytes);
  const expertBytes = parts.reduce((sum, part) => sum + (part.expertBytes ?? 0), 0);
  const blocks = sumBlocks(parts);
  return {
    format: first.format,
    parameters: parts.reduce((sum, part) => sum + part.parameters, 0),
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    ...(expertBytes > 0 ? { expertBytes } : {}),
    ...(blocks.length > 0 ? { blocks } : {}),
    types,
  };
}

/** The layers of a file that is in parts, each of which has some of them or a part of one. */
function sumBlocks(parts: readonly Weights[]): Block[] {
  const length = Math.max(0, ...parts.map(part => part.blocks?.length ?? 0));
  return Array.from({ length }, (_, at) => {
    const found = parts.flatMap(part => part.blocks?.[at] ?? []);
    return {
      bytes: found.reduce((sum, block) => sum + block.bytes, 0),
      expertBytes: found.reduce((sum, block) => sum + block.expertBytes, 0),
    };
  });
}

/** The type that most bytes have. */
export function mainType(weights: Weights): string {
  return [...weights.types].toSorted((one, other) => other[1] - one[1])[0]?.[0] ?? 'unknown';
}
