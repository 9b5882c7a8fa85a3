/** What an engine is asked by: chat completions, text completions, embeddings or OpenAI's Responses. */
export type InferenceApi = 'chat' | 'completions' | 'embeddings' | 'responses';

export const apiPath: Readonly<Record<InferenceApi, string>> = {
  chat: '/v1/chat/completions',
  completions: '/v1/completions',
  embeddings: '/v1/embeddings',
  responses: '/v1/responses',
};

export interface ChatRequest {
  readonly model: string;
  readonly prompt: string;
  readonly maxTokens: number;
  /** Ask for the token counts at the end of the stream; not every engine takes the field. */
  readonly usage?: boolean;
}

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface InferenceRequest {
  readonly api: InferenceApi;
  readonly model: string;
  /** The conversation so far, the user's last message at its end. Completions and embeddings take the contents only. */
  readonly messages: readonly Message[];
  /** Tokens of the answer at most; embeddings have none. */
  readonly maxTokens: number;
  /** Name of that field in chat completions, where the server takes another one than `max_tokens`. */
  readonly limitField?: 'max_completion_tokens';
  readonly stream: boolean;
  /** Ask for the token counts at the end of the stream. */
  readonly usage?: boolean;
  /** Further fields of the body, such as `ignore_eos`, `tools` or `reasoning_effort`. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** The JSON body of a request as OpenAI's API describes it. */
export function requestBody(request: InferenceRequest): string {
  const { api, model, messages, maxTokens, stream, extra } = request;
  const text = messages.map(message => message.content).join('\n');
  const streamed = { stream, ...(stream && request.usage ? { stream_options: { include_usage: true } } : {}) };
  switch (api) {
    case 'chat':
      return JSON.stringify({
        model,
        ...streamed,
        [request.limitField ?? 'max_tokens']: maxTokens,
        messages,
        ...extra,
      });
    case 'completions':
      return JSON.stringify({ model, ...streamed, max_tokens: maxTokens, prompt: text, ...extra });
    case 'embeddings':
      return JSON.stringify({ model, input: text, ...extra });
    case 'responses':
      return JSON.stringify({ model, stream, max_output_tokens: maxTokens, input: messages, ...extra });
  }
}
