import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '@fairway/service/configuration-error';
import { platformFolders } from './folders.ts';
import { hasCode } from './has-code.ts';

/** Where everything of a running local platform is found. Secrets are named by file, never held. */
export interface PlatformState {
  readonly schemaVersion: 1;
  readonly docker: {
    /** Value for DOCKER_HOST. */
    readonly host: string;
    /** Network for builds: `host` where the daemon has no bridge. */
    readonly network: 'default' | 'host';
  };
  readonly registry: { readonly address: string; readonly username: string; readonly passwordFile: string };
  /** PEM files of the key that signs images; absent for a platform that was brought up before images were signed. */
  readonly signing?: { readonly keyFile: string; readonly publicKeyFile: string };
  readonly kubernetes: { readonly kubeconfig: string; readonly context: string };
  readonly gateway: {
    /** "namespace/name" */
    readonly reference: string;
    readonly url: string;
  };
  readonly issuer: {
    readonly url: string;
    readonly jwksUrl: string;
    /** "namespace/name:port" */
    readonly jwksService: string;
    readonly tokenUrl: string;
    readonly audience: string;
    readonly clients: {
      readonly user: { readonly id: string; readonly secretFile: string };
      readonly viewer: { readonly id: string; readonly secretFile: string };
    };
  };
  /** "namespace/name:port" */
  readonly waf: { readonly service: string };
  /** Absent for a platform that was brought up before releases had guards. */
  readonly guard?: { readonly image: string };
  readonly prometheus: {
    readonly url: string;
    /** Holds `rules/` and `scrape/`, whose *.yml files Prometheus reads. */
    readonly directory: string;
    readonly promtool: string;
  };
  readonly alertmanager: { readonly url: string };
  /** Absent for a platform that was brought up before there was a ledger. */
  readonly ledger?: {
    /** Folder of the database's socket. */
    readonly host: string;
    readonly user: string;
    readonly database: string;
    readonly passwordFile: string;
  };
  /** Istio; absent on a platform without a mesh. */
  readonly mesh?: {
    /** Identity in the gateway's certificate: trust-domain/ns/namespace/sa/service-account. */
    readonly gatewayPrincipal: string;
  };
  /** A second gateway, of Istio; absent where nobody asked for it. */
  readonly istioGateway?: {
    /** "namespace/name" */
    readonly reference: string;
    readonly url: string;
    /** Identity of its proxies in the mesh. */
    readonly principal: string;
  };
  /** The log store; absent on a platform without logs. */
  readonly logs?: { readonly url: string };
  readonly scanner: {
    readonly trivy: string;
    /** Absent where nobody asked for it. */
    readonly grype?: string;
    /** Folder in which each finds its own. */
    readonly database: string;
  };
}

const fileName = 'platform.json';

/** The platform that is up; undefined when none is. */
export async function readState(folder: string = platformFolders().state): Promise<PlatformState | undefined> {
  const file = join(folder, fileName);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const state = JSON.parse(text) as { schemaVersion: number };
  if (state.schemaVersion !== 1)
    throw new ConfigurationError(
      `${file} was written by another version of Fairway (schema ${state.schemaVersion}); take that platform down with that version, or remove the file.`,
    );
  return state as PlatformState;
}

export async function writeState(folder: string, state: PlatformState): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `.${fileName}.${process.pid}`);
  await writeFile(draft, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, join(folder, fileName));
}

export async function removeState(folder: string): Promise<void> {
  await rm(join(folder, fileName), { force: true });
}
