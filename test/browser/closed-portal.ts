import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackgroundProcess } from '@fairway/platform/background-process';
import { nodeFlags, readinessUrl } from '@fairway/platform/portal/index';

const root = join(import.meta.dirname, '../..');

export interface ClosedPortal {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A second backend with the configuration of a portal that runs, in which the guest has no role.
 * @param configuration app-config.yaml of the portal that runs
 */
export async function startClosedPortal(configuration: string, folder: string, port: number): Promise<ClosedPortal> {
  const url = `http://127.0.0.1:${port}`;
  await mkdir(folder, { recursive: true });
  const override = join(folder, 'app-config.yaml');
  await writeFile(
    override,
    JSON.stringify({
      app: { baseUrl: url },
      backend: {
        ...{ baseUrl: url, listen: { host: '127.0.0.1', port } },
        database: { client: 'better-sqlite3', connection: { directory: join(folder, 'database') } },
      },
      fairway: { permissions: { readers: ['user:default/somebody-else'], operators: [] } },
    }),
  );
  const portal = new BackgroundProcess(folder);
  await portal.start({
    name: 'portal without a role for the guest',
    program: process.execPath,
    arguments: [
      ...[...nodeFlags, join(root, 'packages/backend/src/index.ts')],
      ...['--config', join(root, 'app-config.yaml'), '--config', configuration, '--config', override],
    ],
    directory: root,
    environment: { ...process.env, NODE_ENV: 'production' },
    key: '',
  });
  while (!(await answers(readinessUrl({ url })))) {
    await portal.requireRunning('portal without a role for the guest');
    await sleep(200);
  }
  return { url, stop: () => portal.stop() };
}

async function answers(url: string): Promise<boolean> {
  // nobody listens while it starts
  return fetch(url).then(
    ({ status }) => status === 200,
    () => false,
  );
}
