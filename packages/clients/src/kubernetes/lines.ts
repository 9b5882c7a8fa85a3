import http from 'node:http';
import https from 'node:https';
import { StringDecoder } from 'node:string_decoder';

/** The server answered a request for lines with an error. */
export class RefusedLines extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`the server answered ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** Longest error text that is read of a refused request. */
const refusalLength = 10_000;

export interface LineOptions {
  /** Milliseconds of silence after which the connection counts as lost. */
  readonly idle: number;
  /** Called when the server has accepted the request. */
  opened?(): void;
}

/**
 * Reads an answer line by line for as long as the server keeps it open.
 * @throws RefusedLines for a status of 300 and over
 */
export async function* readLines(
  url: string,
  options: https.RequestOptions,
  { idle, opened }: LineOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const response = await open(url, { ...options, signal, timeout: idle });
  try {
    const status = response.statusCode ?? 0;
    if (status < 300) opened?.();
    const decoder = new StringDecoder('utf8');
    let rest = '';
    for await (const chunk of response as AsyncIterable<Buffer>) {
      rest += decoder.write(chunk);
      if (status >= 300) {
        if (rest.length > refusalLength) break;
        continue;
      }
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield line;
    }
    if (status >= 300) throw new RefusedLines(status, rest);
    if (rest !== '') throw new Error('the connection ended in the middle of a line');
  } finally {
    response.destroy();
  }
}

function open(url: string, options: https.RequestOptions): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? https.request : http.request;
    const request = send(url, options, resolve);
    request.on('timeout', () => request.destroy(new Error(`nothing came for ${(options.timeout ?? 0) / 1000} s`)));
    request.on('error', reject);
    request.end();
  });
}
