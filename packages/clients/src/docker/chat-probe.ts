import { EventSourceParserStream } from 'eventsource-parser/stream';

export interface ChatAnswer {
  readonly text: string;
  /** From sending the request to the first token that is not empty. */
  readonly firstTokenMilliseconds: number;
}

/** Asks an engine one short, deterministic chat and reads the stream to its end. */
export async function askEngine(url: string, model: string, signal: AbortSignal | undefined): Promise<ChatAnswer> {
  const deadline = AbortSignal.timeout(120_000);
  const begun = performance.now();
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      stream: true,
      max_tokens: 16,
      temperature: 0,
      seed: 1,
      messages: [{ role: 'user', content: 'Say hello.' }],
    }),
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
  });
  if (!response.ok || !response.body) {
    throw new Error(`POST /v1/chat/completions answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
  }
  let text = '';
  let firstTokenMilliseconds: number | undefined;
  const decoder = new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>;
  for await (const event of response.body.pipeThrough(decoder).pipeThrough(new EventSourceParserStream())) {
    if (event.data === '[DONE]') break;
    const piece = tokenText(event.data);
    if (piece === '') continue;
    firstTokenMilliseconds ??= performance.now() - begun;
    text += piece;
  }
  if (firstTokenMilliseconds === undefined)
    throw new Error('POST /v1/chat/completions answered 200 but streamed no token.');
  return { text, firstTokenMilliseconds };
}

function tokenText(data: string): string {
  const chunk = JSON.parse(data) as {
    error?: { message?: string };
    choices?: readonly { delta?: { content?: string | null; reasoning_content?: string | null } }[];
  };
  if (chunk.error) throw new Error(`the engine streamed an error: ${chunk.error.message ?? data}`);
  const delta = chunk.choices?.[0]?.delta;
  return delta?.content ?? delta?.reasoning_content ?? '';
}
