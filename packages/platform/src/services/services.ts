import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectDocker } from '@fairway/clients/docker/engine';
import { awaitCondition } from '../await-condition.ts';
import { lastLines } from '../last-lines.ts';
import { Sandbox, sandboxName } from '../sandbox.ts';
import type { SandboxConfig } from '../sandbox.ts';
import { issuerAddresses, issuerProgram, prepareIssuer } from '../serving/index.ts';
import type { Issuer } from '../serving/index.ts';
import { dockerProcess, ownDockerHost, prepareDocker, removeUnnamedImages } from './docker.ts';
import type { ServicesLayout } from './layout.ts';
import { registryPasswordFile, registryProcess, registryUser, writeRegistryFiles } from './registry.ts';

export interface StartServices {
  readonly layout: ServicesLayout;
  /** Folder of the part `sandbox`. */
  readonly sandbox: string;
  readonly signal: AbortSignal;
  progress(message: string): void;
}

export interface RunningServices {
  readonly registry: { readonly address: string; readonly username: string; readonly passwordFile: string };
  readonly issuer: Issuer;
}

/** Starts registry, issuer and, where the machine has none, Docker; takes those that run with this configuration. */
export async function startServices({
  layout,
  sandbox: program,
  signal,
  progress,
}: StartServices): Promise<RunningServices> {
  const { folder, ports } = layout;
  const issuerFolder = join(folder, 'issuer');
  const issuer = await prepareIssuer(issuerFolder);
  await writeRegistryFiles(layout);
  const sandbox = new Sandbox(folder);
  const started = await sandbox.start(join(program, 'sandbox'), servicesSandbox(layout, issuerFolder), signal, () =>
    prepareDocker(layout),
  );
  progress(`registry, issuer${layout.docker ? ', docker' : ''}: ${started ? 'started' : 'run already'}`);
  const said = (name: string) => () => lastLines(join(folder, 'log', `${name}.log`));
  const password = await readFile(registryPasswordFile(folder), 'utf8');
  const waits = [
    awaitCondition({
      tool: 'registry',
      what: `the registry at 127.0.0.1:${ports.registry}`,
      seconds: 30,
      signal,
      check: async within => {
        const authorization = `Basic ${Buffer.from(`${registryUser}:${password}`).toString('base64')}`;
        const { status } = await fetch(`http://127.0.0.1:${ports.registry}/v2/`, {
          headers: { authorization },
          signal: within,
        });
        return status === 200 || `it answers ${status}`;
      },
      said: said('registry'),
    }),
    awaitCondition({
      tool: 'issuer',
      what: `the issuer at ${issuerAddresses(ports.issuer).url}`,
      seconds: 30,
      signal,
      check: async within => {
        const { status } = await fetch(issuerAddresses(ports.issuer).jwksUrl, { signal: within });
        return status === 200 || `it answers ${status}`;
      },
      said: said('issuer'),
    }),
  ];
  if (layout.docker)
    waits.push(
      awaitCondition({
        tool: 'docker',
        what: `the Docker daemon at ${ownDockerHost(folder)}`,
        seconds: 60,
        signal,
        check: async () => (await connectDocker(ownDockerHost(folder), signal)).version.length > 0 || 'no version',
        said: said('dockerd'),
      }),
    );
  await Promise.all(waits);
  if (started && layout.docker) await removeUnnamedImages(folder, signal);
  const address = `127.0.0.1:${ports.registry}`;
  return { registry: { address, username: registryUser, passwordFile: registryPasswordFile(folder) }, issuer };
}

/** They share the host's network; what they mount and start ends with them. */
function servicesSandbox(layout: ServicesLayout, issuerFolder: string): SandboxConfig {
  const issuer = [
    '--disable-warning=ExperimentalWarning',
    issuerProgram,
    issuerFolder,
    String(layout.ports.issuer),
    layout.audience,
  ];
  return {
    name: sandboxName('services', layout.folder),
    state: layout.folder,
    processes: [
      ...(layout.docker ? [dockerProcess(layout)] : []),
      registryProcess(layout),
      { name: 'issuer', grace: 3, command: [process.execPath, ...issuer] },
    ],
  };
}
