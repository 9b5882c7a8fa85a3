import { ConfigurationError } from '@fairway/service/configuration-error';
import { runCommand } from '../command.ts';

/** Addresses, such as http://deb.debian.org/debian, without a slash at the end. */
export interface Mirrors {
  readonly main: string;
  readonly security: string;
}

/**
 * The Debian mirrors that this machine's apt is configured with.
 * @throws ConfigurationError when it has none; ToolError when apt fails
 */
export async function debianMirrors(signal: AbortSignal): Promise<Mirrors> {
  const format = '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)';
  const targets = await runCommand('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'], {
    signal,
    advice: 'Run apt-get update once, so that apt knows its sources.',
  });
  return chooseMirrors(targets);
}

/** Origin|Label|Component|URI lines, one a package list, to the two mirrors. */
export function chooseMirrors(targets: string): Mirrors {
  const lists = targets.split('\n').map(line => line.split('|'));
  const mirror = (wanted: string): string | undefined =>
    lists
      .find(([origin, label, component]) => origin === 'Debian' && label === wanted && component === 'main')?.[3]
      ?.replace(/\/$/, '');
  const main = mirror('Debian');
  const security = mirror('Debian-Security');
  if (main && security) return { main, security };
  throw new ConfigurationError(
    `The sources of apt on this machine name no Debian mirror ${main ? 'for security updates' : ''}(found: ${
      [...new Set(lists.map(([, label]) => label).filter(Boolean))].join(', ') || 'none'
    }), and no public container registry answers, so the base image cannot be made. Add a Debian mirror to /etc/apt/sources.list.d, or make any image \`fairway-base:bookworm\` yourself.`,
  );
}
