import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '@fairway/service';
import { runningPortal } from '@fairway/platform';

/** A portal that is told of deliveries. */
export interface ToldPortal {
  readonly url: string;
  readonly token: string;
}

/**
 * The portal that FAIRWAY_PORTAL_URL and FAIRWAY_PORTAL_TOKEN name, else the one that runs on this machine.
 * @throws ConfigurationError when only one of the two is set
 */
export async function toldPortal(environment: NodeJS.ProcessEnv): Promise<ToldPortal | undefined> {
  const url = environment['FAIRWAY_PORTAL_URL'];
  const token = environment['FAIRWAY_PORTAL_TOKEN'];
  if (url && token) return { url, token };
  if (url || token) {
    throw new ConfigurationError(
      `${url ? 'FAIRWAY_PORTAL_URL is set without FAIRWAY_PORTAL_TOKEN' : 'FAIRWAY_PORTAL_TOKEN is set without FAIRWAY_PORTAL_URL'}. A delivery is told to a portal by both: set the other one too, or unset this one to tell the portal of this machine.`,
    );
  }
  const own = await runningPortal();
  return own && { url: own.url, token: (await readFile(own.tokenFile, 'utf8')).trim() };
}
