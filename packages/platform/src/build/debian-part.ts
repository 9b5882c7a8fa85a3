import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '@fairway/service/configuration-error';
import { runCommand } from '../command.ts';
import type { DebianPart } from '../parts.ts';
import type { Builder, Versions } from './builder.ts';

const advice = 'Check that apt reaches the mirrors in its sources (apt-get update).';
/** From the package debian-archive-keyring, which every Debian has. */
const debianKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const notNeeded = ['doc', 'man', 'locale', 'lintian', 'info', 'bash-completion', 'zsh', 'fish'];

/** Fetches Debian packages with the machine's apt configuration, so with its mirrors, proxies and keys, and unpacks them. */
export async function buildDebianPart(part: DebianPart, builder: Builder): Promise<Versions> {
  const release = await machineRelease();
  const own = part.suite === 'machine' || release.id !== 'debian' || release.codename === part.suite;
  const archives = join(builder.scratch, 'archives');
  await mkdir(join(archives, 'partial'), { recursive: true });
  const machine = await aptRoot(join(builder.shared, 'apt-machine'));
  builder.progress('updating package lists');
  await update(machine, builder);
  builder.progress(`fetching ${part.packages.join(', ')}`);
  if (own) {
    // brings what the machine lacks of their dependencies too
    const install = [
      'install',
      '--yes',
      '--download-only',
      '--reinstall',
      '--no-install-recommends',
      '-o',
      `Dir::Cache::archives=${archives}`,
    ];
    await runCommand('apt-get', [...machine, ...install, ...part.packages], { signal: builder.signal, advice });
  } else {
    const other = await aptRoot(
      join(builder.shared, `apt-${part.suite}`),
      await sourceOf(machine, part.suite, builder.signal),
    );
    await update(other, builder);
    await runCommand('apt-get', [...other, 'download', ...part.packages], {
      cwd: archives,
      signal: builder.signal,
      advice,
    });
  }
  const versions: Record<string, string> = {};
  for (const file of (await readdir(archives)).filter(name => name.endsWith('.deb'))) {
    const archive = join(archives, file);
    builder.progress(`unpacking ${file}`);
    const fields = await runCommand('dpkg-deb', ['--show', '--showformat', '${Package} ${Version}', archive], {
      signal: builder.signal,
    });
    const [name, version] = fields.split(' ');
    if (name && version) versions[name] = version;
    await runCommand('dpkg-deb', ['--extract', archive, builder.target], { signal: builder.signal, advice });
  }
  for (const folder of notNeeded) await rm(join(builder.target, 'usr/share', folder), { recursive: true, force: true });
  return versions;
}

/** @throws ConfigurationError on machines without /etc/os-release */
export async function machineRelease(): Promise<{ id: string; codename: string }> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => {
    throw new ConfigurationError(
      'This machine has no /etc/os-release; the local platform is brought from Debian or Ubuntu packages.',
    );
  });
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return { id: field('ID'), codename: field('VERSION_CODENAME') };
}

/** apt options for lists and caches of our own; with a source, for that one instead of the machine's. */
async function aptRoot(folder: string, source?: string): Promise<string[]> {
  await mkdir(join(folder, 'lists/partial'), { recursive: true });
  await mkdir(join(folder, 'cache/archives/partial'), { recursive: true });
  const options = [
    `Dir::State::lists=${folder}/lists/`,
    `Dir::Cache=${folder}/cache/`,
    // nothing of the machine's package database is written, so its lock is not needed
    'Debug::NoLocking=1',
    'APT::Sandbox::User=root',
    'APT::Update::Post-Invoke-Success::=',
    'Acquire::Retries=3',
  ];
  if (source) {
    await writeFile(join(folder, 'sources.list'), source);
    options.push(`Dir::Etc::sourcelist=${folder}/sources.list`, 'Dir::Etc::sourceparts=-', 'APT::Default-Release=');
  }
  return options.flatMap(option => ['-o', option]);
}

async function update(apt: readonly string[], builder: Builder): Promise<void> {
  await runCommand('apt-get', [...apt, 'update', '--quiet'], { signal: builder.signal, advice });
}

/** A sources line for another release, on the mirror and checked against Debian's own keys. */
async function sourceOf(machine: readonly string[], suite: string, signal: AbortSignal): Promise<string> {
  const format = '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)';
  const targets = await runCommand(
    'apt-get',
    [...machine, 'indextargets', '--format', format, 'Created-By: Packages'],
    { signal, advice },
  );
  for (const line of targets.split('\n')) {
    const [origin, label, component, uri] = line.split('|');
    if (origin === 'Debian' && label === 'Debian' && component === 'main' && uri)
      return `deb [signed-by=${debianKeyring}] ${uri} ${suite} main\n`;
  }
  throw new ConfigurationError(
    `apt on this machine has no Debian mirror in its sources, so packages of ${suite} cannot be fetched; add one to /etc/apt/sources.list.d.`,
  );
}
