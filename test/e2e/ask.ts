import { request } from 'node:http';
import { platform } from './platform.ts';

export interface GatewayAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * One request through the gateway to the service behind `hostname`: a POST when there is a body, otherwise a GET.
 * Not by fetch, which cannot set the host header.
 */
export function askGateway(
  hostname: string,
  path: string,
  options: { readonly token?: string; readonly body?: unknown } = {},
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
        },
      },
      answer => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', chunk => (text += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(options.body === undefined ? undefined : JSON.stringify(options.body));
  });
}
