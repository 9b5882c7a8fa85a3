import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { platform } from './platform.ts';

export interface GatewayAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * One request through the gateway to the service behind `hostname`: a POST when there is a body, otherwise a GET.
 * Not by fetch, which cannot set the host header.
 */
export function askGateway(
  hostname: string,
  path: string,
  options: {
    readonly token?: string;
    /** Sent as it is when it is a text. */
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
    /** Hang up when so many characters of the answer have come. */
    readonly hangUpAfter?: number;
  } = {},
): Promise<GatewayAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, platform.gateway.url),
      {
        method: options.body === undefined ? 'GET' : 'POST',
        headers: {
          host: hostname,
          'content-type': 'application/json',
          ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
          ...options.headers,
        },
      },
      answer => {
        let text = '';
        answer.setEncoding('utf8');
        const seen = () => ({ status: answer.statusCode ?? 0, text, headers: answer.headers });
        answer.on('data', chunk => {
          text += chunk;
          if (options.hangUpAfter === undefined || text.length < options.hangUpAfter) return;
          resolve(seen());
          sent.destroy();
        });
        answer.on('end', () => resolve(seen()));
        answer.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(
      options.body === undefined || typeof options.body === 'string' ? options.body : JSON.stringify(options.body),
    );
  });
}
