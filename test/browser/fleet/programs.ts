import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@fairway/clients/docker/free-port';
import type { Ingest } from '@fairway/backstage-plugin-fairway-common';
import { startAlertmanager as startPlatformAlertmanager } from '@fairway/platform/cluster/alertmanager';
import { Sandbox } from '@fairway/platform/sandbox';
import { stringify } from 'yaml';
import { startPortalProcess } from '../../portal-process.ts';

const root = join(import.meta.dirname, '../../..');
const template = join(root, 'templates/inference-service/template.yaml');
const token = 'token-of-the-simulated-fleet';

export interface Running {
  stop(): Promise<void>;
}

export async function startPrometheus(
  program: string,
  folder: string,
  data: string,
): Promise<Running & { url: string }> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const config = join(folder, 'prometheus.yml');
  await writeFile(config, 'scrape_configs: []\n');
  const flags = [`--config.file=${config}`, `--storage.tsdb.path=${data}`, `--web.listen-address=${url.slice(7)}`];
  const file = join(folder, 'prometheus.log');
  const log = openSync(file, 'w');
  const child = spawn(program, flags, { cwd: root, stdio: ['ignore', log, log] });
  const exit = new Promise(resolve => child.once('exit', resolve));
  const answers = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (let attempt = 0; !(await answers()); attempt++) {
    if (child.exitCode !== null || attempt > 600) throw new Error(`Prometheus does not get ready; its log is ${file}.`);
    await sleep(500);
  }
  return {
    url,
    stop: async () => {
      if (child.kill('SIGTERM')) await exit;
    },
  };
}

/** Debian's looks for its templates below /usr/share, so it runs as the local platform's does. */
export async function startAlertmanager(
  parts: { readonly sandbox: string; readonly monitoring: string },
  folder: string,
): Promise<Running & { url: string }> {
  const port = await freePort();
  const own = join(folder, 'alertmanager');
  await mkdir(own);
  await startPlatformAlertmanager({
    ...{ folder: own, monitoring: own, parts, port },
    signal: new AbortController().signal,
  });
  return { url: `http://127.0.0.1:${port}`, stop: async () => void (await new Sandbox(own).stop()) };
}

/** The portal of this project with its guest, who is in the team of the first services. */
export async function startPortal(folder: string, cluster: object) {
  const people = join(folder, 'people.yaml');
  await writeFile(
    people,
    ['User', 'Group']
      .map(kind =>
        stringify({
          apiVersion: 'backstage.io/v1alpha1',
          kind,
          metadata: { name: kind === 'User' ? 'guest' : 'team-assistant' },
          spec: kind === 'User' ? { memberOf: ['team-assistant'] } : { type: 'team', children: [] },
        }),
      )
      .join('---\n'),
  );
  const subject = 'fleet';
  const portal = await startPortalProcess({
    ...{ folder: join(folder, 'portal'), port: await freePort() },
    own: {
      backend: { auth: { externalAccess: [{ type: 'static', options: { token, subject } }] } },
      events: { useEventBus: 'never' },
      auth: { providers: { guest: { dangerouslyAllowOutsideDevelopment: true, userEntityRef: 'user:default/guest' } } },
      catalog: {
        locations: [
          { type: 'file', target: people, rules: [{ allow: ['User', 'Group'] }] },
          { type: 'file', target: template, rules: [{ allow: ['Template'] }] },
        ],
      },
      fairway: {
        ...{ signIn: ['guest'], permissions: { readers: ['*'], operators: ['*'] } },
        ...{ senders: [{ subject, owners: ['*'] }], clusters: [cluster] },
        // as others pay: of no provider
        prices: {
          currency: 'EUR',
          prices: ['chat', 'code', 'summaries', 'translation', 'vision'].map(model => ({
            ...{ model, promptPerMillion: 0.4, completionPerMillion: 1.6 },
          })),
          gpus: [
            { class: 'nvidia-h100-80gb', perHour: 3.2 },
            { class: 'nvidia-a100-80gb', perHour: 1.9 },
            { class: 'nvidia-l4-24gb', perHour: 0.6 },
          ],
        },
        comparisons: ['2026-11-27-nvidia-h200', '2026-11-30-cpu-2-cores'].map(name => ({
          $include: join(root, `docs/comparisons/${name}.json`),
        })),
      },
    },
  });
  const { url } = portal;
  // who signs in before the catalog knows the guest's team owns nothing
  const headers = { authorization: `Bearer ${token}` };
  for (let attempt = 0; attempt < 120; attempt++) {
    const { ok } = await fetch(`${url}/api/catalog/entities/by-name/user/default/guest`, { headers });
    if (ok) break;
    await sleep(500);
  }
  return {
    ...portal,
    async deliver(delivery: Ingest): Promise<void> {
      const answer = await fetch(`${url}/api/fairway/deliveries`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(delivery),
      });
      if (!answer.ok) throw new Error(`The portal answered ${answer.status}: ${await answer.text()}`);
    },
  };
}
