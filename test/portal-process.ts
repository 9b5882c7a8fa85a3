import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackgroundProcess } from '@fairway/platform/background-process';
import { nodeFlags, readinessUrl } from '@fairway/platform/portal/index';

const root = join(import.meta.dirname, '..');

export interface PortalProcess {
  readonly url: string;
  stop(): Promise<void>;
}

interface PortalOptions {
  /** Of its files; it may be there. */
  readonly folder: string;
  readonly port: number;
  /** Files that are read after app-config.yaml. */
  readonly configurations?: readonly string[];
  /** Read last, over address and database. */
  readonly own: object;
}

/** The backend of this project as a program of its own, on the loopback with SQLite in its folder; it is ready. */
export async function startPortalProcess(options: PortalOptions): Promise<PortalProcess> {
  const { folder, port, configurations = [], own } = options;
  const url = `http://127.0.0.1:${port}`;
  await mkdir(join(folder, 'database'), { recursive: true });
  const [base, last] = [join(folder, 'address.yaml'), join(folder, 'own.yaml')];
  await writeFile(
    base,
    JSON.stringify({
      app: { baseUrl: url },
      backend: {
        ...{ baseUrl: url, listen: { host: '127.0.0.1', port } },
        database: { client: 'better-sqlite3', connection: { directory: join(folder, 'database') } },
      },
    }),
  );
  await writeFile(last, JSON.stringify(own));
  const files = [join(root, 'app-config.yaml'), ...configurations, base, last];
  const name = 'portal of a test';
  const portal = new BackgroundProcess(folder);
  await portal.start({
    name,
    program: process.execPath,
    arguments: [
      ...[...nodeFlags, join(root, 'packages/backend/src/index.ts')],
      ...files.flatMap(file => ['--config', file]),
    ],
    directory: root,
    environment: { ...process.env, NODE_ENV: 'production' },
    key: '',
  });
  while (!(await answers(readinessUrl({ url })))) {
    await portal.requireRunning(name);
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
