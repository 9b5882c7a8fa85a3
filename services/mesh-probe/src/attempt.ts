import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Where a version is reached, and with which key and certificates one tries. */
export interface Attempt {
  readonly host: string;
  readonly port: number;
  /** Absent for plain text. */
  readonly tls?: { readonly key?: string; readonly chain?: string };
}

/** What came of a try: the status of an answer, or why there was none. */
export interface Outcome {
  readonly status?: number;
  /** In words, for people. */
  readonly seen: string;
}

const patience = 5000;

/** Asks for the list of models, as any client would. */
export function attempt({ host, port, tls }: Attempt): Promise<Outcome> {
  return new Promise(resolve => {
    const socket: Socket = tls
      ? connectTls({
          host,
          port,
          servername: host,
          key: tls.key,
          cert: tls.chain,
          ALPNProtocols: ['http/1.1'],
          // it is the other side that has to look
          rejectUnauthorized: false,
        })
      : connect({ host, port });
    let answer = '';
    const end = (seen: string, status?: number) => {
      socket.destroy();
      resolve({ seen, ...(status === undefined ? {} : { status }) });
    };
    socket.setTimeout(patience, () => end(`nothing within ${patience / 1000} s`));
    socket.on('error', (error: NodeJS.ErrnoException) => end(reason(error)));
    socket.on('end', () => end('closed without an answer'));
    socket.on('data', data => {
      answer += data.toString('latin1');
      const status = /^HTTP\/1\.\d (\d{3}) .*\r\n/.exec(answer)?.[1];
      if (status) end(`HTTP ${status}`, Number(status));
    });
    socket.once(tls ? 'secureConnect' : 'connect', () =>
      socket.write(`GET /v1/models HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`),
    );
  });
}

/** Whether there is a connection at all. */
export function reach({
  host,
  port,
}: Omit<Attempt, 'tls'>): Promise<{ readonly connected: boolean; readonly seen: string }> {
  return new Promise(resolve => {
    const socket = connect({ host, port });
    const end = (connected: boolean, seen: string) => {
      socket.destroy();
      resolve({ connected, seen });
    };
    socket.setTimeout(patience, () => end(false, `no connection within ${patience / 1000} s`));
    socket.on('error', error => end(false, reason(error)));
    socket.on('connect', () => end(true, 'a connection'));
  });
}

function reason(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message;
}
