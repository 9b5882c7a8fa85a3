import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@fairway/clients/docker/free-port';
import type { Part } from '@fairway/platform/parts';
import { ended } from './bare-api-server.ts';
import { bringParts } from './bring-parts.ts';
import { setTimeout as sleep } from 'node:timers/promises';

export const versityPart = {
  kind: 'go-module',
  name: 'versitygw',
  module: 'github.com/versity/versitygw',
  version: 'v1.8.0',
  sum: 'h1:au+wI+aybno/STsQiSm35Uu6Q6iK5MWReQxgO6SEMFc=',
  main: './cmd/versitygw',
} as const satisfies Part;

export const keys = { AWS_ACCESS_KEY_ID: 'AKIDRIGHT', AWS_SECRET_ACCESS_KEY: 'right-secret' };

/** An object store over a folder, which looks at every signature: each folder in it is a bucket. */
export async function versityGateway(folder: string): Promise<{ readonly endpoint: string; stop(): Promise<void> }> {
  const program = join((await bringParts([], [versityPart])).get('versitygw') ?? '', 'versitygw');
  await mkdir(folder, { recursive: true });
  const address = `127.0.0.1:${await freePort()}`;
  const endpoint = `http://${address}`;
  const child = spawn(program, ['--port', address, '--quiet', 'posix', folder], {
    stdio: 'ignore',
    env: { ...process.env, ROOT_ACCESS_KEY: keys.AWS_ACCESS_KEY_ID, ROOT_SECRET_KEY: keys.AWS_SECRET_ACCESS_KEY },
  });
  for (let answers = false; !answers; await sleep(100))
    answers = await fetch(endpoint).then(
      () => true,
      () => false,
    );
  return { endpoint, stop: () => ended(child) };
}
