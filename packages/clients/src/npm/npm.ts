import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { runPackageManager } from '../run-package-manager.ts';

/** The package manager npm (https://docs.npmjs.com/cli), 7 or newer. */
export interface Npm {
  /**
   * Raises a package as far as those that require it admit, wherever the lock in a folder has it; every other package stays where it can.
   * package.json stays as it is, nothing is installed, and no script of a package runs.
   * @throws ToolError with npm's reason when the lock cannot be made again, or the registry does not answer
   */
  raise(folder: string, name: string): Promise<void>;
}

const passed = /^(NODE_EXTRA_CA_CERTS|npm_config_(registry|cafile|https_proxy|proxy|noproxy))$/i;

/** @param program path of npm, or a name that PATH finds */
export function openNpm(program: string, signal: AbortSignal): Npm {
  return {
    raise: (folder, name) =>
      runPackageManager({
        tool: 'npm',
        ...{ program, folder, signal, passed },
        cacheVariable: 'npm_config_cache',
        parameters: [
          ...['update', '--package-lock-only', '--ignore-scripts', '--no-save', '--no-audit', '--no-fund'],
          // a .npmrc beside the lock is the service's: it names no program to run
          ...['--git=git', '--no-update-notifier', '--loglevel=error'],
          ...['--', name],
        ],
        advice: reasonOf('npm.install'),
      }),
  };
}
