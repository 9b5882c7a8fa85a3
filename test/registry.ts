import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '@fairway/clients/docker/free-port';
import { answers, ended } from './bare-api-server.ts';

export interface PlainRegistry {
  /** host:port */
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Debian's registry, alone and open to everybody on this machine.
 * @param part folder of the built part `containers`
 */
export async function startRegistry(part: string, folder: string): Promise<PlainRegistry> {
  const file = join(folder, 'registry.yml');
  const address = `127.0.0.1:${await freePort()}`;
  const storage = { filesystem: { rootdirectory: join(folder, 'blobs') } };
  await writeFile(file, stringify({ version: 0.1, log: { level: 'error' }, storage, http: { addr: address } }));
  const child = spawn(join(part, 'usr/bin/docker-registry'), ['serve', file], { stdio: 'ignore' });
  await answers(child, `http://${address}/v2/`);
  return { address, stop: () => ended(child) };
}
