import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { awaitCondition } from '../await-condition.ts';
import { BackgroundProcess } from '../background-process.ts';
import { withFileLock } from '../file-lock.ts';
import { platformFolders, portalFolder } from '../folders.ts';
import type { Folders } from '../folders.ts';
import { lastLines } from '../last-lines.ts';
import { requirePorts } from '../machine.ts';
import { readState } from '../platform-state.ts';
import type { PlatformState } from '../platform-state.ts';
import { portBase, portsFrom } from '../ports.ts';
import { writeSecret } from '../serving/secret-file.ts';
import { portalConfiguration } from './configuration.ts';
import { buildFrontend } from './frontend.ts';
import { backendSources, contentKey, projectFolder } from './sources.ts';

export interface StartPortal {
  readonly signal: AbortSignal;
  progress(message: string): void;
  /** Default: by the XDG rules. */
  readonly folders?: Folders;
  /** The portal takes the seventh port from here; default: FAIRWAY_PORT_BASE or 17400. */
  readonly portBase?: number;
  /** Where Create puts new services: the user's own files, so not below a folder that is ever removed. Default: by the XDG rules. */
  readonly servicesFolder?: string;
}

/** A portal that runs on this machine. */
export interface Portal {
  readonly url: string;
  /** File (0600) with the token by which the command line sends deliveries, and which allows nothing else. */
  readonly tokenFile: string;
}

/** How Node runs the backend. */
export const nodeFlags = [
  '--disable-warning=ExperimentalWarning',
  // megabytes of JavaScript objects; what is not needed is collected before the process grows beyond
  '--max-old-space-size=512',
  // megabytes for new ones: with the larger default a third of the process is memory that it used once, at its start
  '--max-semi-space-size=8',
];
const startSeconds = 180;

/**
 * Starts the portal of this machine in the background, for the platform that is up, and waits until it answers. One that
 * runs as it would be started now is taken as it is.
 * @throws ConfigurationError when its port is taken
 * @throws ToolError when the frontend cannot be built or the backend does not get ready, with its last lines
 */
export async function startPortal(options: StartPortal): Promise<Portal> {
  const folders = options.folders ?? platformFolders();
  const folder = portalFolder(folders);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const waiting = (holder: number) => options.progress(`another run (process ${holder}) starts the portal; waiting`);
  return withFileLock(join(folder, 'portal.lock'), options.signal, waiting, () => start(options, folders, folder));
}

/** Those of this project, measured on machines that each names. */
async function storedComparisons(): Promise<readonly string[]> {
  const folder = join(projectFolder, 'docs/comparisons');
  return (await readdir(folder)).filter(name => name.endsWith('.json')).map(name => join(folder, name));
}

async function start(options: StartPortal, folders: Folders, folder: string): Promise<Portal> {
  const { signal, progress } = options;
  const port = portsFrom(options.portBase ?? portBase()).portal;
  const portal = portalAt(folder, port);
  const frontend = await buildFrontend({ signal, progress });
  await writeSecret(portal.tokenFile, async () => randomBytes(32).toString('base64url'));
  const servicesFolder = options.servicesFolder ?? defaultServicesFolder();
  const platform = await readState(folders.state);
  const settings = {
    ...portal,
    folder,
    port,
    servicesFolder,
    comparisons: await storedComparisons(),
    platform,
    ledgerUrl: await ledgerUrl(platform),
  };
  const configuration = stringify(portalConfiguration(settings));
  const configurationFile = join(folder, 'app-config.yaml');
  await writeFile(configurationFile, configuration, { mode: 0o600 });
  const background = new BackgroundProcess(folder);
  if (!(await background.running())) await requirePorts({ portal: port });
  await writeFile(join(folder, 'port'), String(port));
  const started = await background.start({
    name: 'portal',
    program: process.execPath,
    arguments: [
      ...nodeFlags,
      join(projectFolder, 'packages/backend/src/index.ts'),
      ...['--config', join(projectFolder, 'app-config.yaml'), '--config', configurationFile],
    ],
    directory: projectFolder,
    environment: {
      ...process.env,
      NODE_ENV: 'production',
      // the deliveries that it starts are told to it
      FAIRWAY_PORTAL_URL: portal.url,
      FAIRWAY_PORTAL_TOKEN: (await readFile(portal.tokenFile, 'utf8')).trim(),
    },
    key: `${frontend} ${await contentKey(backendSources)} ${configuration}`,
  });
  progress(`portal: ${started ? 'starting' : 'runs already'}`);
  await ready(background, portal, signal);
  return portal;
}

/** PostgreSQL is reached by the folder of its socket, which an address names beside its host. */
async function ledgerUrl(platform: PlatformState | undefined): Promise<string | undefined> {
  if (!platform?.ledger) return undefined;
  const { host, user, database, passwordFile } = platform.ledger;
  const url = new URL(`postgres://localhost/${database}?${new URLSearchParams({ host })}`);
  url.username = user;
  url.password = (await readFile(passwordFile, 'utf8')).trim();
  return url.href;
}

async function ready(background: BackgroundProcess, portal: Portal, signal: AbortSignal): Promise<void> {
  const died = new AbortController();
  const waited = awaitCondition({
    tool: 'portal',
    what: `the portal at ${portal.url}`,
    seconds: startSeconds,
    signal: AbortSignal.any([signal, died.signal]),
    check: async within => {
      await background.requireRunning('portal').catch(error => died.abort(error));
      const { status } = await fetch(readinessUrl(portal), { signal: within });
      return status === 200 || `it answers ${status}`;
    },
    said: () => lastLines(background.log),
  });
  await waited.catch((error: unknown) => {
    throw died.signal.aborted ? died.signal.reason : error;
  });
}

/** Backstage's own health path: 200 when every plugin has started. */
export function readinessUrl({ url }: Pick<Portal, 'url'>): string {
  return `${url}/.backstage/health/v1/readiness`;
}

/** The portal that runs on this machine; undefined when none does. */
export async function runningPortal(folders: Folders = platformFolders()): Promise<Portal | undefined> {
  const folder = portalFolder(folders);
  if (!(await new BackgroundProcess(folder).running())) return undefined;
  return portalAt(folder, Number(await readFile(join(folder, 'port'), 'utf8')));
}

/** Ends the portal of this machine; what it stored is kept. Does nothing when it does not run. */
export async function stopPortal(folders: Folders = platformFolders()): Promise<void> {
  await new BackgroundProcess(portalFolder(folders)).stop();
}

function portalAt(folder: string, port: number): Portal {
  return { url: `http://127.0.0.1:${port}`, tokenFile: join(folder, 'token') };
}

function defaultServicesFolder(): string {
  return join(process.env['XDG_DATA_HOME'] || join(homedir(), '.local/share'), 'fairway/services');
}
