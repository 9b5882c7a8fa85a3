import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GettableAlert } from '@fairway/clients/alertmanager/index';

/** Stands in what an Alertmanager says for the token that it was sent. */
export const theToken = '<token>';

/** Answers as Alertmanager does; its alerts are set by the test, and a silence takes hold at once. */
export class AlertmanagerServer {
  alerts: GettableAlert[] = [];
  /** Of tenants that share it; the others have those above. */
  readonly alertsOf = new Map<unknown, GettableAlert[]>();
  readonly silences: unknown[] = [];
  /** Status with which everything is refused, for an Alertmanager that is ill. */
  refuses: number | undefined;
  /** What it then says, with the token of the request in the place of `theToken`. */
  says = 'ill';
  readonly #server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => (body += chunk));
    request.on('end', () => {
      if (this.refuses) {
        const token = request.headers.authorization?.split(' ')[1] ?? 'none';
        response.writeHead(this.refuses).end(this.says.replace(theToken, token));
      } else if (request.method === 'POST') response.end(this.#silence(JSON.parse(body)));
      else response.end(JSON.stringify(this.alertsOf.get(request.headers['x-scope-orgid']) ?? this.alerts));
    });
  });

  async start(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #silence(wish: { matchers: { name: string; value: string }[] }): string {
    this.silences.push(wish);
    const id = `s${this.silences.length}`;
    this.alerts = this.alerts.map(alert =>
      wish.matchers.every(({ name, value }) => alert.labels[name] === value)
        ? { ...alert, status: { state: 'suppressed', silencedBy: [id], inhibitedBy: [] } }
        : alert,
    );
    return JSON.stringify({ silenceID: id });
  }
}

export function firing(fingerprint: string, labels: Readonly<Record<string, string>>): GettableAlert {
  return {
    fingerprint,
    startsAt: '2026-01-01T00:00:00.000Z',
    labels: { alertname: 'Slow', severity: 'page', ...labels },
    annotations: { summary: `${labels['service']} is slow.` },
    status: { state: 'active', silencedBy: [], inhibitedBy: [] },
  };
}
