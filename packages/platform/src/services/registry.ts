import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hash } from 'bcryptjs';
import { stringify } from 'yaml';
import type { SandboxProcess } from '../sandbox.ts';
import { writeSecret } from '../serving/secret-file.ts';
import type { ServicesLayout } from './layout.ts';

export const registryUser = 'fairway';

export function registryPasswordFile(folder: string): string {
  return join(folder, 'registry-password');
}

/** Makes the registry's password once and writes its configuration. */
export async function writeRegistryFiles({ folder, ports }: ServicesLayout): Promise<void> {
  await mkdir(join(folder, 'registry'), { recursive: true, mode: 0o700 });
  const secretFile = join(folder, 'registry-secret');
  for (const file of [registryPasswordFile(folder), secretFile])
    await writeSecret(file, async () => randomBytes(32).toString('base64url'));
  const password = await readFile(registryPasswordFile(folder), 'utf8');
  await writeFile(join(folder, 'registry-users'), `${registryUser}:${await hash(password, 8)}\n`, { mode: 0o600 });
  const configuration = {
    version: 0.1,
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'registry') }, delete: { enabled: true } },
    auth: { htpasswd: { realm: 'fairway', path: join(folder, 'registry-users') } },
    http: {
      addr: `127.0.0.1:${ports.registry}`,
      secret: await readFile(secretFile, 'utf8'),
      headers: { 'X-Content-Type-Options': ['nosniff'] },
    },
  };
  await writeFile(join(folder, 'registry.yml'), stringify(configuration), { mode: 0o600 });
}

export function registryProcess({ folder, parts }: ServicesLayout): SandboxProcess {
  return {
    name: 'registry',
    grace: 3,
    command: [join(parts.containers, 'usr/bin/docker-registry'), 'serve', `${folder}/registry.yml`],
  };
}
