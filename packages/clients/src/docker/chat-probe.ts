import { openInference, requestBody } from '../inference/index.ts';

export interface ChatAnswer {
  readonly text: string;
  /** From sending the request to the first token that is not empty. */
  readonly firstTokenMilliseconds: number;
}

/** Asks an engine one short, deterministic chat and reads the stream to its end. */
export async function askEngine(url: string, model: string, signal: AbortSignal | undefined): Promise<ChatAnswer> {
  signal?.throwIfAborted();
  const endpoint = openInference(url);
  const { outcome, cancel } = endpoint.exchange({
    api: 'chat',
    body: requestBody({
      api: 'chat',
      model,
      messages: [{ role: 'user', content: 'Say hello.' }],
      maxTokens: 16,
      stream: true,
      extra: { temperature: 0, seed: 1 },
    }),
    headers: {},
    timeout: 120_000,
    // transformers ends a stream without [DONE]
    end: 'any',
    wantsText: true,
  });
  signal?.addEventListener('abort', cancel);
  const { text, tokensAt, sentAt, error } = await outcome;
  signal?.removeEventListener('abort', cancel);
  endpoint.close();
  signal?.throwIfAborted();
  if (error) throw new Error(`POST /v1/chat/completions: ${error.detail}`);
  return { text, firstTokenMilliseconds: tokensAt[0]! - sentAt };
}
