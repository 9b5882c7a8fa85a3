import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '@fairway/clients/docker/free-port';

export interface BuiltPortal {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts what `yarn build:backend` made, as a container image of the portal would, on the loopback and with a guest. */
export async function startBuiltPortal(
  app: string,
  configurations: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<BuiltPortal> {
  const folder = join(app, 'built');
  await mkdir(folder);
  await promisify(execFile)('tar', ['-xzf', join(app, 'packages/backend/dist/bundle.tar.gz'), '-C', folder]);
  await symlink('../node_modules', join(folder, 'node_modules'));
  await copyFile(join(app, 'app-config.yaml'), join(folder, 'app-config.yaml'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const local = JSON.stringify({
    app: { baseUrl: url },
    backend: { baseUrl: url, listen: { port, host: '127.0.0.1' } },
    auth: { providers: { guest: { dangerouslyAllowOutsideDevelopment: true } } },
    catalog: { locations: [] },
  });
  const files = ['app-config.yaml'];
  for (const [index, text] of [...configurations, local].entries()) {
    files.push(`app-config.${index}.yaml`);
    await writeFile(join(folder, files.at(-1)!), text);
  }
  const child = spawn('node', ['packages/backend', ...files.flatMap(file => ['--config', file])], {
    cwd: folder,
    // the scaffolder of older releases asks for it
    env: { ...process.env, ...environment, NODE_OPTIONS: '--no-node-snapshot', NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (log += String(text)));
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill();
    await ended;
  };
  for (let left = 150; !(await isReady(url)); left -= 1) {
    if (left > 0 && child.exitCode === null) await sleep(2000);
    else {
      await stop();
      throw new Error(`The portal did not start:\n${complaints(log)}`);
    }
  }
  return { url, stop };
}

/** The lines that say what went wrong, without those of requests. */
function complaints(log: string): string {
  return log
    .split('\n')
    .filter(line => !/"level":"(?:info|debug|warn)"/.test(line))
    .join('\n')
    .slice(-6000);
}

async function isReady(url: string): Promise<boolean> {
  // nobody listens while it starts
  return fetch(`${url}/.backstage/health/v1/readiness`).then(
    ({ ok }) => ok,
    () => false,
  );
}
