import { z } from 'zod';

export type Read<Value> = { readonly value: Value } | { readonly problem: string };

/** Reads what a stage wrote; an older or newer stage may have written something else. */
export function readEvidence<Schema extends z.ZodType>(schema: Schema, content: string): Read<z.output<Schema>> {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? { value: parsed.data } : { problem: z.prettifyError(parsed.error) };
}
