import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the platform keeps things. */
export interface Folders {
  /** What a running platform is made of, its secrets, images and measurements. */
  readonly state: string;
  /** What can be made again: parts, archives, the vulnerability database. */
  readonly cache: string;
}

/** By the XDG rules: `$XDG_STATE_HOME/fairway` and `$XDG_CACHE_HOME/fairway`, below the home folder by default. */
export function platformFolders(environment: NodeJS.ProcessEnv = process.env): Folders {
  return {
    state: join(environment.XDG_STATE_HOME || join(homedir(), '.local/state'), 'fairway'),
    cache: join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'fairway'),
  };
}

/** Who is told of the platform's alerts, if anybody: `$XDG_CONFIG_HOME/fairway/receivers.yaml`. */
export function receiversFile(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_CONFIG_HOME || join(homedir(), '.config'), 'fairway/receivers.yaml');
}

export const clusterFolder = (folders: Folders) => join(folders.state, 'cluster');
export const servicesFolder = (folders: Folders) => join(folders.state, 'services');
export const monitoringFolder = (folders: Folders) => join(folders.state, 'monitoring');
export const alertmanagerFolder = (folders: Folders) => join(folders.state, 'alertmanager');
/** The ledger's database, and what is on its way into it. */
export const ledgerFolder = (folders: Pick<Folders, 'state'>) => join(folders.state, 'ledger');
export const portalFolder = (folders: Folders) => join(folders.state, 'portal');
export const partsFolder = (folders: Folders) => join(folders.cache, 'parts');
