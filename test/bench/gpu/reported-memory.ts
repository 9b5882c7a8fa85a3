const gibibyte = 1024 ** 3;

/** What vLLM says of its memory when it starts, in bytes, and tokens of its cache. */
export interface ReportedMemory {
  readonly weights: number;
  readonly kvCache: number;
  readonly kvCacheTokens: number;
}

/**
 * Reads vLLM's log (lines as 0.24 writes them).
 * @throws Error when a line is missing
 */
export function reportedMemory(log: string): ReportedMemory {
  const number = (pattern: RegExp) => {
    const found = pattern.exec(log)?.[1];
    if (found === undefined) throw new Error(`The log of vLLM has no line like ${String(pattern)}.`);
    return Number(found.replaceAll(',', ''));
  };
  return {
    weights: number(/Model loading took ([\d.]+) GiB/) * gibibyte,
    kvCache: number(/Available KV cache memory: ([\d.]+) GiB/) * gibibyte,
    kvCacheTokens: number(/GPU KV cache size: ([\d,]+) tokens/),
  };
}
