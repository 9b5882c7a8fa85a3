import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { runPackageManager } from '../run-package-manager.ts';
import type { Lock } from './lock.ts';

/** The package manager uv (https://docs.astral.sh/uv). */
export interface Uv {
  /**
   * Makes a lock again with one package at a version or newer; every other pin stays where it can. Nothing is built, so no code of a package
   * or of the service runs.
   * @param folder in which the lock's command was run
   * @param file of the lock, relative to it; stays as it is when no versions go together
   * @throws ToolError with uv's reason when none do, or the index does not answer
   */
  raise(folder: string, file: string, lock: Lock, wanted: Requirement): Promise<void>;
  /**
   * The same for uv.lock, the lock of the project in a folder.
   * @throws ToolError as above, and when a package has to be built to know what it requires
   */
  raiseInProject(folder: string, wanted: Requirement): Promise<void>;
}

export interface Requirement {
  readonly package: string;
  readonly atLeast: string;
}

const passed = /^(SSL_CERT_DIR|UV_(DEFAULT_INDEX|INDEX|INDEX_URL|EXTRA_INDEX_URL|NATIVE_TLS|SYSTEM_CERTS))$/;

/** @param program path of uv, or a name that PATH finds */
export function openUv(program: string, signal: AbortSignal): Uv {
  const run = (folder: string, parameters: readonly string[], environment: Record<string, string> = {}) =>
    runPackageManager({
      tool: 'uv',
      ...{ program, folder, signal, passed },
      cacheVariable: 'UV_CACHE_DIR',
      parameters: [...parameters, '--quiet', '--no-progress'],
      environment: { UV_NO_BUILD: '1', ...environment },
      advice: reasonOf('uv.install'),
    });
  const upgraded = ({ package: name, atLeast }: Requirement) => ['--upgrade-package', `${name}>=${atLeast}`];
  return {
    raise: (folder, file, { command, parameters }, wanted) =>
      run(
        folder,
        ['pip', 'compile', ...parameters, '--output-file', file, ...upgraded(wanted)],
        // the head of the file stays
        { UV_CUSTOM_COMPILE_COMMAND: command },
      ),
    raiseInProject: (folder, wanted) => run(folder, ['lock', ...upgraded(wanted)]),
  };
}
