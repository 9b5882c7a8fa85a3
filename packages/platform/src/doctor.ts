import { ToolError } from '@fairway/clients/tool-error';
import { madeParts } from './build/ensure-parts.ts';
import { allParts } from './all-parts.ts';
import { partsFolder, platformFolders, servicesFolder } from './folders.ts';
import type { Folders } from './folders.ts';
import { diskNeeds, freeSpace, machineTools, requireMachine, toolVersion } from './machine.ts';
import { readWithout } from './optional-parts.ts';
import { portHolder } from './port-holder.ts';
import { portBase, portsFrom } from './ports.ts';
import { status } from './status.ts';
import { imageSource } from './serving/index.ts';
import { findDocker } from './services/docker.ts';
import { ConfigurationError } from '@fairway/service/configuration-error';

export interface Finding {
  readonly name: string;
  readonly found: boolean;
  /** `use`: what is there is used; `bring`: the platform brings its own; `missing`: the user has to act. */
  readonly will: 'use' | 'bring' | 'missing';
  readonly detail: string;
  /** What to do about it. */
  readonly fix?: string;
}

/** What this machine has and what the platform would bring. Changes nothing. */
export async function doctor(folders: Folders = platformFolders()): Promise<readonly Finding[]> {
  const findings: Finding[] = [machine()];
  if (findings[0]?.will === 'missing') return findings;
  const images = await imageSource(partsFolder(folders), AbortSignal.timeout(10_000));
  const made = await madeParts(allParts(images, await readWithout(folders.state)), partsFolder(folders));
  const missing = [...made].filter(([, folder]) => folder === undefined).map(([name]) => name);
  for (const tool of machineTools) {
    const version = await toolVersion(tool);
    if (version) findings.push({ name: tool.name, found: true, will: 'use', detail: version });
    else if (missing.length === 0)
      findings.push({ name: tool.name, found: false, will: 'use', detail: 'not needed any more: everything is built' });
    else findings.push({ name: tool.name, found: false, will: 'missing', detail: tool.why, fix: tool.fix });
  }
  findings.push(await disk(folders, missing.length === 0), await docker(folders));
  const running = (await status(folders)).length > 0;
  findings.push({
    name: 'parts',
    found: missing.length === 0,
    will: missing.length === 0 ? 'use' : 'bring',
    detail:
      missing.length === 0
        ? `all ${made.size} are built`
        : `to build, with images from ${images === 'packages' ? 'packages, since no public registry answers' : 'a public registry'} (minutes, once): ${missing.join(', ')}`,
  });
  findings.push({
    name: 'platform',
    found: running,
    will: running ? 'use' : 'bring',
    detail: running ? 'up; fairway platform status lists its parts' : 'down; a delivery brings it up',
  });
  if (!running) findings.push(...(await ports()));
  return findings;
}

function machine(): Finding {
  const detail = `${process.platform} ${process.arch}, user ${process.getuid?.() ?? 'unknown'}`;
  try {
    requireMachine();
    return { name: 'machine', found: true, will: 'use', detail };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { name: 'machine', found: false, will: 'missing', detail, fix: error.message };
  }
}

async function disk(folders: Folders, built: boolean): Promise<Finding> {
  const needed = built ? diskNeeds.built : diskNeeds.unbuilt;
  const free = Math.min(await freeSpace(folders.state), await freeSpace(folders.cache));
  const detail = `${free.toFixed(0)} GiB free of ${needed} needed`;
  if (free >= needed) return { name: 'disk', found: true, will: 'use', detail };
  const fix = 'Free some, or put state and cache elsewhere with XDG_STATE_HOME and XDG_CACHE_HOME.';
  return { name: 'disk', found: false, will: 'missing', detail, fix };
}

async function docker(folders: Folders): Promise<Finding> {
  try {
    const found = await findDocker(servicesFolder(folders), AbortSignal.timeout(10_000));
    return found
      ? { name: 'docker', found: true, will: 'use', detail: `${found.version} at ${found.host}` }
      : { name: 'docker', found: false, will: 'bring', detail: 'none answers; a private daemon is brought' };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return {
      name: 'docker',
      found: false,
      will: 'missing',
      detail: error.message,
      fix: 'Start it, or unset DOCKER_HOST.',
    };
  }
}

async function ports(): Promise<Finding[]> {
  const taken: Finding[] = [];
  for (const [name, port] of Object.entries(portsFrom(portBase()))) {
    const holder = await portHolder(port);
    const fix = 'End it, or choose other ports by setting FAIRWAY_PORT_BASE.';
    if (holder)
      taken.push({ name: `port ${port}`, found: false, will: 'missing', detail: `for ${name}; ${holder} has it`, fix });
  }
  return taken;
}
