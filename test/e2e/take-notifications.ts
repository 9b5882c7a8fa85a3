import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { parseAlertReceivers } from '@fairway/service/alert-receivers';
import { alertmanagerConfiguration } from '@fairway/targets/metrics/alert-routes';

/** As far as Alertmanager's body of a webhook is read here. */
interface Posted {
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[];
}

interface Given {
  readonly prometheus: { readonly directory: string };
  readonly alertmanager: { readonly url: string };
}

/** Is the webhook of an owner until it is stopped: Alertmanager gets the routes that `fairway receivers` prints, without their waits of minutes. */
export async function takeNotifications({ prometheus, alertmanager }: Given, owner: string) {
  const posted: Posted[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => (body += chunk));
    request.on('end', () => {
      posted.push(JSON.parse(body) as Posted);
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const hook = { webhook: [{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }] };
  const receivers = { others: { page: hook, ticket: hook }, owners: { [owner]: { page: hook, ticket: hook } } };
  const routes = stringify(alertmanagerConfiguration(parseAlertReceivers(stringify(receivers), 'receivers.yaml')));
  const file = join(prometheus.directory, 'alertmanager.yml');
  const before = await readFile(file, 'utf8');
  const configure = async (text: string) => {
    await writeFile(file, text);
    const answer = await fetch(`${alertmanager.url}/-/reload`, { method: 'POST' });
    if (!answer.ok) throw new Error(`Alertmanager answered ${answer.status}: ${await answer.text()}`);
  };
  await configure(routes.replaceAll(/(group_wait|group_interval): \w+/g, '$1: 1s'));
  return {
    /** Whether the webhook got the alert of an objective of a service with this status. */
    received: (service: string, objective: string, status: 'firing' | 'resolved') =>
      posted
        .flatMap(({ alerts }) => alerts)
        .some(
          alert =>
            alert.status === status && alert.labels['service'] === service && alert.labels['objective'] === objective,
        ),
    async stop() {
      await configure(before);
      server.close();
      server.closeAllConnections();
    },
  };
}
