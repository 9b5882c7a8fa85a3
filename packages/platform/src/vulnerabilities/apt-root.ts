import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ToolError } from '@fairway/clients/tool-error';
import { debianMirrors } from '../base-image/mirrors.ts';
import { runCommand } from '../command.ts';

/** Lists and cache of one Debian release with its security updates, apart from the machine's own. */
export interface AptRoot {
  /** The package lists: of the release, and of its security updates. */
  readonly lists: { readonly main: string; readonly security: string };
  /** "12" for bookworm. */
  readonly version: string;
  /** When the archive last signed the security updates' list. */
  readonly updatedAt: Date;
  /** Arguments that point apt-get at this root, to be put before others. */
  readonly flags: readonly string[];
}

/**
 * Fetches the package lists of `suite` and `<suite>-security` from the mirrors that the machine's own apt uses, checked
 * against the archive's signature.
 */
export async function aptRoot(folder: string, suite: string, signal: AbortSignal): Promise<AptRoot> {
  const mirrors = await debianMirrors(signal);
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const line = (site: string, release: string) => `deb [signed-by=${keyring}] ${site} ${release} main\n`;
  const lists = join(folder, 'lists');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(folder, 'cache', 'archives', 'partial'), { recursive: true });
  const sources = join(folder, 'sources.list');
  await writeFile(sources, line(mirrors.main, suite) + line(mirrors.security, `${suite}-security`));
  const settings = {
    'Dir::State::Lists': lists,
    'Dir::State::status': '/dev/null',
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Etc::SourceList': sources,
    'Dir::Etc::SourceParts': '/dev/null',
    'Acquire::GzipIndexes': 'false',
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'Acquire::IndexTargets::deb::CNF::DefaultEnabled': 'false',
    'Acquire::Retries': '3',
    // the sandbox user may not write to a folder of ours
    'APT::Sandbox::User': 'root',
  };
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  await runCommand('apt-get', [...flags, 'update', '--quiet', '--error-on=any'], { signal });
  const targets = await runCommand(
    'apt-get',
    [...flags, 'indextargets', '--format', '$(RELEASE) $(FILENAME)', 'Identifier: Packages'],
    { signal },
  );
  const listOf = (release: string): string => {
    const found = targets.split('\n').find(target => target.startsWith(`${release} `));
    if (!found)
      throw new ToolError(
        'apt-get',
        `reading the package list of ${release}`,
        undefined,
        'apt has no such list after its update.',
      );
    return found.slice(release.length + 1);
  };
  const [main, security] = [listOf(suite), listOf(`${suite}-security`)];
  const release = (list: string, field: string) => releaseField(list, field);
  return {
    lists: { main, security },
    version: (await release(main, 'Version')).split('.')[0] ?? '',
    updatedAt: new Date(await release(security, 'Date')),
    flags,
  };
}

async function releaseField(list: string, field: string): Promise<string> {
  const path = list.replace(/_main_binary-[a-z0-9]+_Packages$/, '_InRelease');
  const found = new RegExp(`^${field}: (.+)$`, 'm').exec(await readFile(path, 'utf8'))?.[1];
  if (!found) throw new ToolError('apt-get', `reading ${path}`, undefined, `it has no field ${field}.`);
  return found;
}
