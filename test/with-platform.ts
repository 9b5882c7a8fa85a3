import { join } from 'node:path';
import { down, platformFolders, status, up } from '@fairway/platform';
import { openTerminal } from '@fairway/stage/terminal';

/**
 * Runs `body` with the local platform up, and takes it down afterwards if it was not up before.
 * The tests find it by FAIRWAY_TEST_PLATFORM, the path of its platform.json.
 */
export async function withPlatform(body: (environment: NodeJS.ProcessEnv) => Promise<void>): Promise<void> {
  const wasUp = (await status()).some(component => component.running);
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  const { progress } = openTerminal(process.stderr).log('platform');
  try {
    await up({ signal: abort.signal, progress });
    await body({ FAIRWAY_TEST_PLATFORM: join(platformFolders().state, 'platform.json') });
  } finally {
    if (!wasUp) await down({ progress });
  }
}
