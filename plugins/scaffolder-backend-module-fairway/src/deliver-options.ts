import { isAbsolute } from 'node:path';
import type { RootConfigService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';

/** The command line that delivers one service, without a shell. */
export interface DeliverCommand {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly directory: string;
  /** Where it delivers to, for people. */
  readonly target: string;
}

/**
 * The command of `fairway.deliver` for the service in `folder`.
 * @throws InputError when it is not configured, or not where to deliver to
 */
export function deliverCommand(config: RootConfigService, folder: string): DeliverCommand {
  const options = config.getOptionalConfig('fairway.deliver');
  if (!options) {
    throw new InputError(
      'This portal delivers nothing itself: fairway.deliver is not set in its configuration. Deliver from the command line with `fairway deliver`, or set fairway.deliver.command, directory and target.',
    );
  }
  const [program, ...words] = options.getStringArray('command');
  if (program === undefined) {
    throw new InputError('fairway.deliver.command is empty; give the words of the command that delivers a folder.');
  }
  const directory = options.getString('directory');
  if (!isAbsolute(directory)) {
    throw new InputError(`fairway.deliver.directory must be an absolute path; found "${directory}".`);
  }
  const { target, flags } = destination(options.getString('target'), options.getOptionalString('context'));
  return {
    program,
    arguments: [...words, folder, '--json', ...flags, ...(options.getOptionalStringArray('arguments') ?? [])],
    directory,
    target,
  };
}

function destination(target: string, context: string | undefined): { target: string; flags: readonly string[] } {
  if (target === 'local' && context === undefined) return { target: 'the platform of this machine', flags: [] };
  if (target === 'context' && context !== undefined) {
    return { target: `the Kubernetes context ${context}`, flags: ['--context', context] };
  }
  throw new InputError(
    `fairway.deliver must say where to deliver to: target "local" for the platform of the portal's machine, without context, or target "context" with the name of a Kubernetes context in context. Found target "${target}" ${context === undefined ? 'without context' : `with context "${context}"`}.`,
  );
}
