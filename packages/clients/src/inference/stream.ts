import { createParser } from 'eventsource-parser';
import type { AnswerHeaders } from './connections.ts';
import { piecesOf, usageOf, wordsOfError } from './answer.ts';
import type { Pieces, Usage } from './answer.ts';
import { PieceTemplate } from './piece-template.ts';

/**
 * What kept a stream from being a good answer. `status` is an HTTP status of 400 and over, `connection` a lost or refused
 * connection, `timeout` the caller's deadline, `engine` an error the engine sent inside the stream, `format` an event that
 * is not what OpenAI's API says, `truncated` an end without `[DONE]` or with the finish reason `abort`, `empty` an
 * answer without a token.
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
  /** When each non-empty piece of the answer arrived; one engine sends one token a piece, another several. */
  readonly tokensAt: readonly number[];
  readonly endedAt: number;
  /** Answer, reasoning and arguments of tool calls as they came; empty where the caller does not want it. */
  readonly text: string;
  /** Whether the stream ended with `[DONE]`. */
  readonly done: boolean;
  /** Tokens that came, as the engine counted them. */
  readonly completionTokens: number | undefined;
  readonly error: StreamError | undefined;
}

/** One answer of any of the APIs, streamed or whole. */
export interface InferenceOutcome extends StreamOutcome {
  readonly headers: AnswerHeaders;
  /** Of the text, what a user reads: no reasoning and no tool call. */
  readonly answer: string;
  /** Whether it came as events. A whole answer has one piece, which arrives with its end. */
  readonly streamed: boolean;
  readonly usage: Usage;
  /** Tokens of reasoning that the engine counted and did not send. */
  readonly hiddenTokens: number;
  /** More tokens cannot have come: each has a byte at least, but for the few that mark parts of an answer. */
  readonly mostTokens: number;
  /** `stop`, `length`, `tool_calls`, …: why the model ended, where the engine says it. */
  readonly finishReason: string | undefined;
  /**
   * Whether the times between pieces are inter-token latency: the engine counted its tokens, and sent about as many pieces.
   * One that sends several tokens a piece hides the times between them.
   */
  readonly pieceIsToken: boolean;
  /** The caller gave up before the end. */
  readonly cancelled: boolean;
}

/** Least pieces for a token: the end of a sequence is a token without text, and half of a character waits for the other. */
const leastPiecesPerToken = 0.9;

/** Tokens without text in one answer: its end, the begin and end of its channels, what stands around a tool call. */
const mostMarks = 16;

/** Whether an answer of so many tokens came about one by one. */
export function piecesAreTokens(pieces: number, tokens: number | undefined): boolean {
  return tokens !== undefined && pieces >= leastPiecesPerToken * (tokens - 1);
}

/** Whether a body that no content type calls so begins as a stream of events does. */
export function beginsAsEvents(bytes: string): boolean {
  return /^(\u00ef\u00bb\u00bf)?[\r\n]*(data|event|id|retry)?:/.test(bytes);
}

/** UTF-8's, one byte a character. */
const byteOrderMark = '\u00ef\u00bb\u00bf';

/** Most of a body that is kept to quote what an engine said instead of events. */
const quotable = 4096;

/** Reads one answer as it arrives. Takes and holds one byte a character, so that only what is quoted is decoded. */
export class StreamReader {
  readonly tokensAt: number[] = [];
  done = false;
  finishReason: string | undefined;
  usage: Usage = {};
  error: StreamError | undefined;
  readonly #wantsText: boolean;
  readonly #template = new PieceTemplate();
  readonly #parser = createParser({
    onEvent: ({ event, data }) => (event === 'error' ? this.#errorEvent(data) : this.#event(data.trim())),
    // a line that is no event: llama.cpp before September 2025 sends `error: {…}`
    onError: ({ field, value }) => {
      if (field === 'error') this.#failed('engine', wordsOfError({ error: parsed(value ?? '') ?? value }) ?? '');
    },
  });
  /** Whether the piece of the template is one that a user reads. */
  #templateIsAnswer = false;
  #text = '';
  #answer = '';
  #raw = '';
  #bytes = 0;
  readonly #reasoning = new Set<Pieces['reasoning']>();
  #events = 0;
  #at = 0;
  #begun = false;
  /** Whether the parser waits for the beginning of an event. */
  #atEvent = false;
  #beginning = '';
  /** Whether nothing follows: what the last event lacks does not come any more. */
  #over = false;

  constructor(wantsText = true) {
    this.#wantsText = wantsText;
  }

  get text(): string {
    return decoded(this.#text);
  }

  get answer(): string {
    return decoded(this.#answer);
  }

  /** The beginning of a body that is not made of events. */
  get raw(): string {
    return decoded(this.#raw.slice(0, quotable)).trim();
  }

  get mostTokens(): number {
    return this.#bytes + mostMarks;
  }

  /**
   * Tokens that came, by the engine's count; undefined where it leaves out some of them, such as reasoning, or all, and where it counts others
   * that did not come and nobody knows how many.
   */
  get completionTokens(): number | undefined {
    const { completionTokens } = this.usage;
    // the tokens of a summary are in no count
    if (completionTokens === undefined || (this.#reasoning.has('summary') && this.usage.reasoningTokens))
      return undefined;
    const came = completionTokens - this.hiddenTokens;
    return this.#holds(came) && came <= this.mostTokens ? came : undefined;
  }

  /** Reasoning that is counted, and that no piece held: where what is left is too little for the pieces, these held it after all. */
  get hiddenTokens(): number {
    const { completionTokens = 0, reasoningTokens = 0 } = this.usage;
    return !this.#reasoning.has('tokens') && this.#holds(completionTokens - reasoningTokens) ? reasoningTokens : 0;
  }

  /** Whether so many tokens can have been the pieces, of which each holds one at least. */
  #holds(tokens: number): boolean {
    const pieces = this.tokensAt.length;
    return pieces === 0 || tokens >= Math.max(1, leastPiecesPerToken * (pieces - 1));
  }

  get pieceIsToken(): boolean {
    return piecesAreTokens(this.tokensAt.length, this.completionTokens);
  }

  /** @param bytes a part of a stream of events @param at when it arrived */
  feed(bytes: string, at: number): void {
    this.#at = at;
    if (this.#events === 0 && this.#raw.length < quotable) this.#raw += bytes;
    // past the parser, which takes as long as all the rest
    if (this.#atEvent && this.#known(this.#template.pieceOfEvent(bytes))) return;
    this.#parser.feed(this.#withoutMark(bytes));
    this.#atEvent = bytes.endsWith('\n\n');
  }

  /** @param bytes a part of a body that is one JSON document */
  collect(bytes: string): void {
    this.#raw += bytes;
  }

  /**
   * The end of what came: the last event may lack the blank line behind it, and a body may be no stream of events, whatever its content type
   * says: an answer, or an error in JSON.
   */
  endWhole(at: number): void {
    this.#at = at;
    this.#over = true;
    this.#parser.feed('\n\n');
    if (this.#events > 0 || this.error) return;
    const body = parsed(this.#raw.replace(byteOrderMark, ''));
    if (body === undefined) return;
    this.#chunk(body, undefined);
    this.done = !this.error;
  }

  /** The bytes without the mark that may stand before all of them, which may come in pieces. */
  #withoutMark(bytes: string): string {
    if (this.#begun) return bytes;
    this.#beginning += bytes;
    if (byteOrderMark.startsWith(this.#beginning)) return '';
    this.#begun = true;
    return this.#beginning.startsWith(byteOrderMark) ? this.#beginning.slice(byteOrderMark.length) : this.#beginning;
  }

  #event(data: string): void {
    if (data === '') return; // a keep-alive
    if (this.#known(this.#template.piece(data))) return;
    this.#events++;
    if (data === '[DONE]') {
      this.done = true;
      return;
    }
    const chunk = parsed(data);
    if (chunk === undefined && this.#over) return;
    if (chunk === undefined) this.#failed('format', `not JSON: ${data.slice(0, 200)}`);
    else this.#chunk(chunk, data);
  }

  /** Takes the piece of an event that differs from an earlier one in nothing else; false where there is none. */
  #known(piece: string | undefined): boolean {
    if (piece === undefined) return false;
    this.#events++;
    this.#piece(piece, this.#templateIsAnswer ? piece : '');
    return true;
  }

  /** An event by the name `error` is one, whatever it holds. */
  #errorEvent(data: string): void {
    this.#events++;
    this.#failed('engine', wordsOfError({ error: parsed(data) ?? data }) ?? '');
  }

  #chunk(chunk: object, data: string | undefined): void {
    const words = wordsOfError(chunk);
    if (words !== undefined) return this.#failed('engine', words);
    const own = piecesOf(chunk);
    const { finishReason, ended } = own;
    // an answer of the Responses API that came without pieces has its end alone
    const { response } = chunk as { response?: object };
    const { pieces, answer, reasoning } = ended && this.tokensAt.length === 0 && response ? piecesOf(response) : own;
    // reasoning that comes under two names is one piece; all of one event arrived together
    if (pieces.length > 0) this.#piece(pieces.join(''), answer.join(''));
    if (reasoning) this.#reasoning.add(reasoning);
    if (data !== undefined && pieces.length === 1 && this.#template.learn(data, pieces[0]!))
      this.#templateIsAnswer = answer.length === 1;
    this.finishReason = finishReason ?? this.finishReason;
    this.usage = usageOf(chunk) ?? this.usage;
    if (ended) this.done = true;
  }

  #piece(text: string, answer: string): void {
    this.tokensAt.push(this.#at);
    // a character of bytes is one of them; those that were escaped have three at most
    this.#bytes += /[^\u0000-\u00ff]/.test(text) ? 3 * text.length : text.length;
    if (!this.#wantsText) return;
    this.#text += text;
    this.#answer += answer;
  }

  #failed(kind: StreamError['kind'], detail: string): void {
    this.error ??= { kind, detail: decoded(detail).slice(0, 500) };
  }
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function decoded(bytes: string): string {
  return /[\u0080-\u00ff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}
