import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import { withFileLock } from '../file-lock.ts';
import { hasCode } from '../has-code.ts';
import { contentKey, frontendSources, projectFolder } from './sources.ts';

const appFolder = join(projectFolder, 'packages/app');
/** Written last, so that it is there only beside a whole bundle. */
const keyFile = join(appFolder, 'dist/.content-key');

export interface FrontendBuild {
  readonly signal: AbortSignal;
  progress(message: string): void;
}

/**
 * Builds the production bundle of the frontend where it is missing or its sources have changed.
 * @returns the key of what it was built from
 */
export async function buildFrontend({ signal, progress }: FrontendBuild): Promise<string> {
  const key = await contentKey(frontendSources);
  if ((await builtKey()) === key) return key;
  const waiting = (holder: number) => progress(`process ${holder} builds the frontend; waiting`);
  return withFileLock(join(appFolder, '.build.lock'), signal, waiting, async () => {
    // whoever held the lock before may have built it
    if ((await builtKey()) === key) return key;
    progress('building the frontend');
    const started = Date.now();
    await rm(keyFile, { force: true });
    const cli = join(projectFolder, 'node_modules/@backstage/cli/bin/backstage-cli');
    const configuration = join(projectFolder, 'app-config.yaml');
    await runCommand(process.execPath, [cli, 'package', 'build', '--config', configuration], {
      cwd: appFolder,
      environment: { ...process.env, NODE_ENV: 'production' },
      signal,
      advice: 'The packages may be incomplete: npm ci brings them anew.',
    });
    await writeFile(keyFile, key);
    progress(`the frontend was built in ${((Date.now() - started) / 1000).toFixed(0)} s`);
    return key;
  });
}

async function builtKey(): Promise<string | undefined> {
  try {
    return await readFile(keyFile, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
