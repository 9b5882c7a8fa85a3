/** Tokens as the engine counted them; absent where it does not say. */
export interface Usage {
  readonly promptTokens?: number;
  /** Of the answer, its reasoning included. */
  readonly completionTokens?: number;
  /** Of the prompt, those that a prefix cache answered. */
  readonly cachedTokens?: number;
  /** Of the answer, those of its reasoning, whether or not it was sent. */
  readonly reasoningTokens?: number;
}

/** One choice of an answer, or of an event of it: what holds text of the model, under the names that engines have for it. */
interface Choice {
  readonly delta?: Delta | null;
  readonly message?: Delta | null;
  readonly text?: unknown;
  readonly finish_reason?: unknown;
}

interface Delta {
  readonly content?: unknown;
  /** vLLM from 0.16 on; `reasoning_content` before and in DeepSeek's API. Some engines send both. */
  readonly reasoning?: unknown;
  readonly reasoning_content?: unknown;
  readonly refusal?: unknown;
  readonly function_call?: Call | null;
  readonly tool_calls?: unknown;
  /** Of a model that speaks. */
  readonly audio?: { readonly transcript?: unknown; readonly data?: unknown } | null;
}

interface Call {
  readonly name?: unknown;
  readonly arguments?: unknown;
  /** Of a tool that takes a text. */
  readonly input?: unknown;
}

interface Chunk {
  readonly choices?: unknown;
  /** Embeddings. */
  readonly data?: unknown;
  /** Responses: the kind of event, the piece of text, and the whole answer at the end. */
  readonly type?: unknown;
  readonly delta?: unknown;
  readonly item?: unknown;
  readonly response?: ResponseObject | null;
}

interface ResponseObject {
  readonly object?: unknown;
  readonly status?: unknown;
  readonly output?: unknown;
  readonly usage?: unknown;
  readonly error?: unknown;
  readonly incomplete_details?: { readonly reason?: string } | null;
}

export interface Pieces {
  /** Non-empty pieces of text, reasoning, refusal and tool calls. An embedding is one piece without text. */
  readonly pieces: readonly string[];
  /** Of the pieces, those that a user reads: no reasoning and no tool call. */
  readonly answer: readonly string[];
  /** What the pieces hold of the model's reasoning: its own tokens, or a summary, whose tokens are others. */
  readonly reasoning: 'tokens' | 'summary' | undefined;
  readonly finishReason: string | undefined;
  /** The event that ends an answer of the Responses API, which has no `[DONE]`. */
  readonly ended: boolean;
}

/** Events of the Responses API with a piece that a user reads. */
const answerDeltas: readonly string[] = ['response.output_text.delta', 'response.refusal.delta'];

const responseEnds: readonly unknown[] = ['response.completed', 'response.incomplete'];

/** What one event, or one whole answer, holds of the model's output. */
export function piecesOf(value: object): Pieces {
  const { choices, data, type, delta, item, response: inner } = value as Chunk;
  const given = objects<Choice>(choices);
  if (Array.isArray(choices)) {
    const reasons = given.map(choice => choice.finish_reason).filter(reason => typeof reason === 'string');
    return {
      pieces: given.flatMap(choice => textsOf(choice)),
      answer: given.flatMap(choice => answerOf(choice)),
      reasoning: given.some(thinks) ? 'tokens' : undefined,
      // of several answers the one that was given up counts
      finishReason: reasons.find(reason => givenUp.includes(reason)) ?? reasons[0],
      ended: false,
    };
  }
  const piece = { answer: [], reasoning: undefined, finishReason: undefined, ended: false };
  if (Array.isArray(data)) return { ...piece, pieces: data.map(() => ''), ended: true };
  if (typeof type === 'string' && type.endsWith('.delta')) {
    const pieces = strings(delta);
    const reasoning = type.includes('reasoning_summary')
      ? ('summary' as const)
      : type.includes('reasoning')
        ? ('tokens' as const)
        : undefined;
    return { ...piece, pieces, answer: answerDeltas.includes(type) ? pieces : [], reasoning };
  }
  // a call has its name, and one without arguments nothing else
  if (type === 'response.output_item.added') return { ...piece, pieces: objects<Call>([item]).flatMap(textsOfCall) };
  const response = inner ?? (value as ResponseObject);
  const output = !inner && response.object === 'response' ? objects<Call & Parts>(response.output) : [];
  return {
    pieces: output.flatMap(item => [...textsOfCall(item), ...textsOfParts(item)]),
    answer: output.flatMap(item => (item.type === 'message' ? readParts(item) : [])),
    reasoning: reasoningOf(output.filter(item => item.type === 'reasoning')),
    finishReason: response.incomplete_details?.reason ?? (response.status === 'completed' ? 'stop' : undefined),
    ended: responseEnds.includes(type),
  };
}

/**
 * Finish reasons of answers that the engine did not end but give up: vLLM and SGLang, and vLLM when a cache could not be loaded; TensorRT-LLM
 * (`CompletionOutput.finish_reason`); DeepSeek (https://api-docs.deepseek.com/api/create-chat-completion).
 */
export const givenUp: readonly string[] = ['abort', 'error', 'timeout', 'cancelled', 'insufficient_system_resource'];

function textsOf(choice: Choice): readonly string[] {
  const delta = choice.delta ?? choice.message;
  if (!delta) return strings(choice.text);
  return [
    ...strings(delta.reasoning || delta.reasoning_content),
    ...textsOfParts(delta),
    ...strings(delta.refusal, delta.audio?.transcript, delta.audio?.data),
    ...textsOfCall(delta.function_call ?? {}),
    ...objects<{ function?: Call; custom?: Call }>(delta.tool_calls).flatMap(call =>
      textsOfCall(call.function ?? call.custom ?? {}),
    ),
  ];
}

function thinks({ delta, message }: Choice): boolean {
  const { reasoning, reasoning_content, content } = delta ?? message ?? {};
  return strings(reasoning, reasoning_content).length > 0 || objects<Part>(content).some(({ thinking }) => thinking);
}

function reasoningOf(items: readonly Parts[]): Pieces['reasoning'] {
  const having = (part: 'content' | 'summary') => items.some(item => textsOfParts({ [part]: item[part] }).length > 0);
  return having('content') ? 'tokens' : having('summary') ? 'summary' : undefined;
}

function answerOf(choice: Choice): readonly string[] {
  const delta = choice.delta ?? choice.message;
  if (!delta) return strings(choice.text);
  return [...readParts(delta), ...strings(delta.refusal)];
}

function textsOfCall({ name, arguments: given, input }: Call): readonly string[] {
  return strings(name, given, input);
}

/** Content is a text, or a list of parts: Mistral's models that think, and every message of the Responses API. */
interface Parts {
  /** Of an item of the Responses API: `message`, `reasoning`, or a call. */
  readonly type?: unknown;
  readonly content?: unknown;
  readonly summary?: unknown;
}

function textsOfParts({ content, summary }: Parts): readonly string[] {
  const parts = [...objects<Part>(summary), ...objects<Part>(content)];
  return [
    ...strings(content),
    ...parts.flatMap(({ text, refusal, thinking }) => [
      ...strings(text, refusal, thinking),
      ...objects<Part>(thinking).flatMap(one => strings(one.text)),
    ]),
  ];
}

function readParts({ content }: Parts): readonly string[] {
  return [...strings(content), ...objects<Part>(content).flatMap(({ text, refusal }) => strings(text, refusal))];
}

interface Part {
  readonly text?: unknown;
  readonly refusal?: unknown;
  readonly thinking?: unknown;
}

function objects<One extends object>(value: unknown): readonly One[] {
  return Array.isArray(value) ? value.filter(one => typeof one === 'object' && one !== null) : [];
}

function strings(...values: readonly unknown[]): readonly string[] {
  return values.filter(value => typeof value === 'string' && value !== '') as string[];
}

interface WireUsage {
  readonly prompt_tokens?: unknown;
  readonly completion_tokens?: unknown;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number } | null;
  /** Names of the Responses API. */
  readonly input_tokens?: unknown;
  readonly output_tokens?: unknown;
  readonly total_tokens?: unknown;
  readonly input_tokens_details?: { readonly cached_tokens?: number } | null;
  readonly output_tokens_details?: { readonly reasoning_tokens?: number } | null;
}

/** Where the counts of an event stand. */
interface Counted {
  readonly usage?: WireUsage | null;
  readonly response?: { readonly usage?: WireUsage | null } | null;
  readonly timings?: Timings;
  /** Moonshot's: of each choice. */
  readonly choices?: unknown;
  /** Groq's, in a stream. */
  readonly x_groq?: { readonly usage?: WireUsage | null } | null;
}

/** The counts of an event; undefined when it holds none. */
export function usageOf(value: object): Usage | undefined {
  const { usage: whole, response, timings, choices, x_groq } = value as Counted;
  const ofChoice = () => objects<Counted>(choices).find(choice => choice.usage)?.usage;
  const usage = whole ?? response?.usage ?? x_groq?.usage ?? ofChoice();
  if (!usage) {
    if (timings?.predicted_n === undefined) return undefined;
    const { prompt_n = 0, cache_n = 0, predicted_n } = timings;
    return { promptTokens: prompt_n + cache_n, completionTokens: predicted_n, cachedTokens: cache_n };
  }
  const prompt = usage.prompt_tokens_details ?? usage.input_tokens_details;
  const completion = usage.completion_tokens_details ?? usage.output_tokens_details;
  const promptTokens = count(usage.prompt_tokens ?? usage.input_tokens);
  const completionTokens = count(usage.completion_tokens ?? usage.output_tokens);
  // zeros are what an engine says that does not count: a prompt has a token
  if (!promptTokens && !completionTokens) return undefined;
  const reasoningTokens = count(completion?.reasoning_tokens);
  const [answer, reasoning] = [completionTokens ?? 0, reasoningTokens ?? 0];
  const all = (promptTokens ?? 0) + answer + reasoning;
  // OpenAI's count of the answer includes it; xAI's and that of some gateways before Gemini do not, and only the total has both
  const beside = reasoning > answer || (reasoning > 0 && count(usage.total_tokens) === all);
  return {
    promptTokens,
    completionTokens: beside ? answer + reasoning : completionTokens,
    cachedTokens: prompt?.cached_tokens ?? timings?.cache_n,
    reasoningTokens,
  };
}

function count(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

/** llama.cpp's own report beside `usage`, or instead of it. */
interface Timings {
  readonly prompt_n?: number;
  readonly cache_n?: number;
  readonly predicted_n?: number;
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
