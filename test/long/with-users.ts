import type { InferenceEndpoint } from '@fairway/clients/inference/index';
import { revisionHeader } from '@fairway/clients/kubernetes/names';
import { accessToken } from '../e2e/platform.ts';

/** Users who ask ten times a second while `body` runs: what went wrong, and how many answers each version gave. */
export async function withUsers<T>(endpoint: InferenceEndpoint, hostname: string, body: () => Promise<T>) {
  const token = await accessToken('user', 'llm:chat');
  const answers = new Map<string, number>();
  const errors: string[] = [];
  const running: Promise<void>[] = [];
  const ask = async () => {
    const { headers, error } = await endpoint.streamChat(
      { model: 'hello-tiny', prompt: 'hello', maxTokens: 4 },
      { headers: { host: hostname, authorization: `Bearer ${token}` }, timeout: 30_000 },
    );
    const by = String(headers[revisionHeader]);
    answers.set(by, (answers.get(by) ?? 0) + 1);
    if (error) errors.push(JSON.stringify(error));
  };
  const timer = setInterval(() => running.push(ask()), 100);
  try {
    return { result: await body(), answers, errors };
  } finally {
    clearInterval(timer);
    await Promise.all(running);
  }
}
