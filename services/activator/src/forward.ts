import { request as ask } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Address } from './engines.ts';

/** Headers that are about one connection (RFC 9110, 7.6.1), and how a body is framed on it. */
const ofConnection = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding', 'upgrade']);

/** No connection came about, so the engine has seen nothing of the request. */
export class NotReached extends Error {}

/** Milliseconds in which a pod takes a connection. */
const connecting = 2000;

/**
 * Gives a request to an engine and its answer to the client, as it comes. A client that takes its answer slowly slows the engine down, and one that hangs up
 * ends the request there.
 * @param signal of the client
 * @param reached called when the engine has taken the connection
 * @throws NotReached when another engine may be asked
 */
export async function forward(
  request: IncomingMessage,
  body: Buffer,
  { host, port }: Address,
  response: ServerResponse,
  signal: AbortSignal,
  reached: () => void,
): Promise<void> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = ask({
      host,
      port,
      method: request.method,
      path: request.url,
      headers: [...headersOf(request), ...(body.length > 0 ? ['content-length', String(body.length)] : [])],
      agent: false,
      signal,
    });
    let connected = false;
    const late = setTimeout(() => asked.destroy(new Error(`no connection in ${connecting} ms`)), connecting);
    asked.once('socket', socket =>
      socket.once('connect', () => {
        connected = true;
        clearTimeout(late);
        reached();
      }),
    );
    asked.once('response', resolve);
    asked.once('error', error => {
      clearTimeout(late);
      reject(connected || signal.aborted ? error : new NotReached(error.message, { cause: error }));
    });
    asked.end(body);
  });
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headersOf(answer));
  response.flushHeaders();
  await pipeline(answer, response);
}

/** All headers as they came, in pairs, without those of the connection. The body is whole, and has a length of its own. */
function headersOf(message: IncomingMessage): string[] {
  const own = message.method ? new Set([...ofConnection, 'content-length', 'expect']) : ofConnection;
  const { rawHeaders: raw } = message;
  return raw.flatMap((name, index) =>
    index % 2 === 0 && !own.has(name.toLowerCase()) ? [name, raw[index + 1] ?? ''] : [],
  );
}
