import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@fairway/clients/docker/free-port';
import type { ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import { nodeFlags } from '@fairway/platform/portal/index';
import { stringify } from 'yaml';

export type Capacity = ResponseOf<'capacity'>;

const token = 'bench-token-of-the-portal';

/** A backend of the portal in a process of its own. */
export class PortalProcess {
  readonly #child: ChildProcess;
  readonly #url: string;
  readonly #kept = new http.Agent({ keepAlive: true });

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.#url = url;
  }

  /** @param clusters name and login of each */
  static async start(
    folder: string,
    clusters: readonly { name: string; kubeconfig: string; context: string; alertmanagerUrl: string }[],
  ): Promise<PortalProcess> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const config = join(folder, 'app-config.yaml');
    await writeFile(
      config,
      stringify({
        app: { title: 'Bench', baseUrl: url },
        backend: {
          baseUrl: url,
          listen: { host: '127.0.0.1', port },
          database: { client: 'better-sqlite3', connection: { directory: folder } },
          auth: { externalAccess: [{ type: 'static', options: { token, subject: 'bench' } }] },
        },
        fairway: {
          clusters,
          senders: [{ subject: 'bench', owners: ['*'] }],
        },
      }),
    );
    const log = openSync(join(folder, 'portal.log'), 'w');
    const program = join(import.meta.dirname, 'portal-backend.ts');
    const child = spawn(process.execPath, [...nodeFlags, program, '--config', config], {
      stdio: ['ignore', log, log],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    return new PortalProcess(child, url);
  }

  async capacity(): Promise<Capacity> {
    return JSON.parse(await this.get('/capacity')) as Capacity;
  }

  /** @param path below that of the backend's API */
  get(path: string): Promise<string> {
    return this.#ask(path, {});
  }

  /** Takes an answer as it comes over the wire: what reading megabytes of JSON costs here would count as the portal's. */
  async take(path: string): Promise<void> {
    const headers = { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip' };
    const sent = http.get(`${this.#url}/api/fairway${path}`, { agent: this.#kept, headers });
    const [answer] = (await once(sent, 'response')) as [http.IncomingMessage];
    answer.resume();
    await once(answer, 'end');
    if (answer.statusCode !== 200) throw new Error(`The portal answered ${answer.statusCode} to ${path}.`);
  }

  async post(path: string, body: unknown): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    await this.#ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #ask(path: string, request: RequestInit): Promise<string> {
    const headers = { ...request.headers, authorization: `Bearer ${token}` };
    const answer = await fetch(`${this.#url}/api/fairway${path}`, { ...request, headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`The portal answered ${answer.status} to ${path}: ${text}`);
    return text;
  }

  /** Asks whether the process is alive: what any answer costs on this machine at this time. */
  async alive(): Promise<void> {
    await (await fetch(`${this.#url}/.backstage/health/v1/liveness`)).text();
  }

  /** Asks until an answer is as wished; a portal that is still starting is asked again. */
  async until(wished: (capacity: Capacity) => boolean, pause: number): Promise<Capacity> {
    for (let attempt = 0; ; attempt++) {
      if (attempt > 100_000 / pause) throw new Error('The portal does not show what was awaited.');
      const answer = await this.capacity().catch((error: Error) => {
        if (this.#child.exitCode !== null) throw error;
        return undefined;
      });
      if (answer && wished(answer)) return answer;
      await sleep(pause);
    }
  }

  /** Resident memory now and at its most, in MB. */
  async memory(): Promise<{ readonly now: number; readonly most: number }> {
    const status = await readFile(`/proc/${this.#child.pid}/status`, 'utf8');
    const megabytes = (name: string) =>
      Math.round((Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) * 1024) / 1e6);
    return { now: megabytes('VmRSS'), most: megabytes('VmHWM') };
  }

  async stop(): Promise<void> {
    this.#kept.destroy();
    const exit = new Promise(resolve => this.#child.once('exit', resolve));
    if (this.#child.exitCode === null && this.#child.kill('SIGTERM')) await exit;
  }
}
