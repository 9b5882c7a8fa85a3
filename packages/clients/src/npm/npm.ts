import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { runProgram } from '../run-program.ts';

/** The package manager npm (https://docs.npmjs.com/cli), 7 or newer. */
export interface Npm {
  /**
   * Raises a package as far as those that require it admit, wherever the lock in a folder has it; every other package stays where it can.
   * package.json stays as it is, nothing is installed, and no script of a package runs.
   * @throws ToolError with npm's reason when the lock cannot be made again, or the registry does not answer
   */
  raise(folder: string, name: string): Promise<void>;
}

// where programs, certificates and the registry are; no token of a job
const passed =
  /^(PATH|TMPDIR|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|(HTTPS?|NO)_PROXY|(https?|no)_proxy|npm_config_(registry|cafile|https_proxy|proxy|noproxy))$/i;

/** @param program path of npm, or a name that PATH finds */
export function openNpm(program: string, signal: AbortSignal): Npm {
  return {
    async raise(folder, name) {
      const home = await mkdtemp(join(tmpdir(), 'fairway-npm-'));
      try {
        await runProgram({
          tool: 'npm',
          ...{ program, folder, signal },
          parameters: [
            ...['update', '--package-lock-only', '--ignore-scripts', '--no-save', '--no-audit', '--no-fund'],
            // a .npmrc beside the lock is the service's: it names no program to run
            ...['--git=git', '--no-update-notifier', '--loglevel=error', `--cache=${join(home, 'cache')}`],
            ...['--', name],
          ],
          environment: {
            ...Object.fromEntries(Object.entries(process.env).filter(([each]) => passed.test(each))),
            HOME: home,
          },
          advice: reasonOf('npm.install'),
        });
      } finally {
        await rm(home, { recursive: true, force: true });
      }
    },
  };
}
