import https from 'node:https';

/** PEM of what a server is known by, and of what this side is known by. */
export interface Tls {
  /** Certificates of authorities, in the place of those that Node trusts. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
  readonly signal: AbortSignal;
}

/** A request with certificates of its own, which `fetch` takes none of. Redirects are an answer. */
export function sendOverTls(url: string, { body, ...request }: Sent, tls: Tls): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = https.request(url, { ...request, ...tls }, answer => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => {
        const status = answer.statusCode ?? 0;
        // such an answer has no body, and Response takes none
        resolve(new Response([204, 304].includes(status) ? null : Buffer.concat(parts), { status }));
      });
    });
    sent.on('error', reject);
    sent.end(body?.toString());
  });
}
