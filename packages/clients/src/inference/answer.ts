/** Tokens as the engine counted them; absent where it does not say. */
export interface Usage {
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  /** Of the prompt, those that a prefix cache answered. */
  readonly cachedTokens?: number;
  /** Of the answer, those of its reasoning. */
  readonly reasoningTokens?: number;
}

interface Delta {
  readonly content?: unknown;
  /** vLLM from 0.16 on; `reasoning_content` before and in DeepSeek's API. Some engines send both. */
  readonly reasoning?: unknown;
  readonly reasoning_content?: unknown;
  readonly refusal?: unknown;
  readonly tool_calls?: readonly { readonly function?: { readonly name?: unknown; readonly arguments?: unknown } }[];
}

interface Choice {
  readonly delta?: Delta;
  readonly message?: Delta;
  readonly text?: unknown;
  readonly finish_reason?: string | null;
}

interface OutputItem {
  readonly content?: readonly { readonly text?: unknown }[];
  readonly arguments?: unknown;
}

interface Chunk {
  readonly choices?: readonly Choice[];
  /** Embeddings. */
  readonly data?: readonly { readonly embedding?: unknown }[];
  /** Responses: the kind of event, the piece of text, and the whole answer at the end. */
  readonly type?: string;
  readonly delta?: unknown;
  readonly response?: ResponseObject;
}

interface ResponseObject {
  readonly object?: string;
  readonly status?: string;
  readonly output?: readonly OutputItem[];
  readonly usage?: unknown;
  readonly error?: unknown;
  readonly incomplete_details?: { readonly reason?: string } | null;
}

export interface Pieces {
  /** Non-empty pieces of text, reasoning, refusal and tool calls. An embedding is one piece without text. */
  readonly pieces: readonly string[];
  readonly finishReason: string | undefined;
  /** The event that ends an answer of the Responses API, which has no `[DONE]`. */
  readonly ended: boolean;
}

const responseEnds = new Set(['response.completed', 'response.incomplete']);

/** What one event, or one whole answer, holds of the model's output. */
export function piecesOf(value: object): Pieces {
  const chunk = value as Chunk;
  if (chunk.choices) {
    return {
      pieces: chunk.choices.flatMap(choice => textsOf(choice)),
      finishReason: chunk.choices[0]?.finish_reason ?? undefined,
      ended: false,
    };
  }
  if (chunk.data) return { pieces: chunk.data.map(() => ''), finishReason: undefined, ended: true };
  if (chunk.type?.endsWith('.delta')) return { pieces: strings(chunk.delta), finishReason: undefined, ended: false };
  const response = chunk.response ?? (value as ResponseObject);
  const whole = !chunk.response && response.object === 'response';
  return {
    pieces: whole
      ? (response.output ?? []).flatMap(item => strings(item.arguments, ...(item.content ?? []).map(part => part.text)))
      : [],
    finishReason: response.incomplete_details?.reason ?? (response.status === 'completed' ? 'stop' : undefined),
    ended: responseEnds.has(chunk.type ?? ''),
  };
}

function textsOf(choice: Choice): readonly string[] {
  const delta = choice.delta ?? choice.message;
  if (!delta) return strings(choice.text);
  return strings(
    delta.reasoning || delta.reasoning_content,
    delta.content,
    delta.refusal,
    ...(delta.tool_calls ?? []).flatMap(call => [call.function?.name, call.function?.arguments]),
  );
}

function strings(...values: readonly unknown[]): readonly string[] {
  return values.filter(value => typeof value === 'string' && value !== '') as string[];
}

interface WireUsage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number } | null;
  /** Names of the Responses API. */
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly input_tokens_details?: { readonly cached_tokens?: number } | null;
  readonly output_tokens_details?: { readonly reasoning_tokens?: number } | null;
}

/** The counts of an event; undefined when it holds none. */
export function usageOf(value: object): Usage | undefined {
  const chunk = value as { usage?: WireUsage | null; response?: { usage?: WireUsage | null }; timings?: Timings };
  const usage = chunk.usage ?? chunk.response?.usage;
  if (!usage) return undefined;
  const prompt = usage.prompt_tokens_details ?? usage.input_tokens_details;
  const completion = usage.completion_tokens_details ?? usage.output_tokens_details;
  return {
    promptTokens: usage.prompt_tokens ?? usage.input_tokens,
    completionTokens: usage.completion_tokens ?? usage.output_tokens,
    cachedTokens: prompt?.cached_tokens ?? chunk.timings?.cache_n,
    reasoningTokens: completion?.reasoning_tokens,
  };
}

/** llama.cpp's own report beside `usage`. */
interface Timings {
  readonly cache_n?: number;
}

/**
 * What an engine says when it sends an error where an answer should be: OpenAI's `error` object, vLLM's `object: "error"`,
 * FastChat's `error_code`, a failed response, or FastAPI's `detail`. Undefined for what is no error.
 */
export function wordsOfError(value: object): string | undefined {
  const { error, object, error_code, type, response, message, text, detail, choices } = value as Record<
    string,
    unknown
  >;
  if (error) return words(error);
  if (object === 'error' || type === 'error') return words(message ?? value);
  if (typeof error_code === 'number' && error_code !== 0) return words(text ?? message ?? value);
  if (type === 'response.failed') return words((response as ResponseObject | undefined)?.error ?? value);
  if (detail !== undefined && choices === undefined) return words(detail);
  return undefined;
}

function words(value: unknown): string {
  if (typeof value === 'string') return value;
  const message = (value as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? message : JSON.stringify(value);
}
