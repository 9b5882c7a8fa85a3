import { createParser } from 'eventsource-parser';

export interface ChatRequest {
  readonly model: string;
  readonly prompt: string;
  readonly maxTokens: number;
  /** Ask for the token counts at the end of the stream; not every engine takes the field. */
  readonly usage?: boolean;
}

/**
 * What kept a stream from being a good answer. `status` is an HTTP status of 400 and over, `connection` a lost or refused
 * connection, `timeout` the caller's deadline, `engine` an error the engine sent inside the stream, `format` an event that
 * is not what OpenAI's API says, `truncated` an end without `[DONE]`, `empty` an answer without a token.
 */
export interface StreamError {
  readonly kind: 'status' | 'connection' | 'timeout' | 'engine' | 'format' | 'truncated' | 'empty';
  readonly detail: string;
}

/** One streamed answer. Times are milliseconds of the caller's clock. */
export interface StreamOutcome {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly sentAt: number;
  readonly headersAt: number | undefined;
  /** When each non-empty piece of text arrived; one engine sends one token a piece, another several. */
  readonly tokensAt: readonly number[];
  readonly endedAt: number;
  readonly text: string;
  /** Whether the stream ended with `[DONE]`. */
  readonly done: boolean;
  /** Completion tokens as the engine counted them. */
  readonly completionTokens: number | undefined;
  readonly error: StreamError | undefined;
}

export function chatBody(request: ChatRequest): string {
  return JSON.stringify({
    model: request.model,
    stream: true,
    max_tokens: request.maxTokens,
    ...(request.usage ? { stream_options: { include_usage: true } } : {}),
    messages: [{ role: 'user', content: request.prompt }],
  });
}

interface Chunk {
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string | null; readonly reasoning_content?: string | null };
    readonly text?: string;
  }[];
  readonly usage?: { readonly completion_tokens?: number } | null;
  readonly error?: unknown;
}

/** Reads the events of one stream as they arrive. */
export class StreamReader {
  readonly tokensAt: number[] = [];
  text = '';
  done = false;
  completionTokens: number | undefined;
  error: StreamError | undefined;
  readonly #parser = createParser({ onEvent: event => this.#event(event.data) });
  #at = 0;

  /** @param at when the piece of the stream arrived */
  feed(piece: string, at: number): void {
    this.#at = at;
    this.#parser.feed(piece);
  }

  #event(data: string): void {
    if (data === '[DONE]') {
      this.done = true;
      return;
    }
    let chunk: Chunk;
    try {
      chunk = JSON.parse(data) as Chunk;
    } catch (error) {
      this.error ??= { kind: 'format', detail: `${(error as Error).message} in event ${data.slice(0, 200)}` };
      return;
    }
    if (chunk.error) this.error ??= { kind: 'engine', detail: JSON.stringify(chunk.error).slice(0, 500) };
    const choice = chunk.choices?.[0];
    // a model that thinks first sends its thoughts apart; they are tokens all the same
    const content = choice?.delta?.content || choice?.delta?.reasoning_content || choice?.text;
    if (content) {
      this.tokensAt.push(this.#at);
      this.text += content;
    }
    this.completionTokens = chunk.usage?.completion_tokens ?? this.completionTokens;
  }
}
