import { type ParseArgsConfig, parseArgs } from 'node:util';
import { ConfigurationError } from '@fairway/service/configuration-error';

/** parseArgs with its errors as one of ours, and no argument left over unseen. */
export function parse(argv: readonly string[], options: NonNullable<ParseArgsConfig['options']>) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new ConfigurationError(
      `${(error as Error).message.split('. ')[0]}. fairway --help lists the commands and their options.`,
    );
  }
}
