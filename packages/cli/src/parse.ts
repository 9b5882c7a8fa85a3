import { type ParseArgsConfig, parseArgs } from 'node:util';
import { ConfigurationError } from '@fairway/service/configuration-error';

type Options = NonNullable<ParseArgsConfig['options']>;

/** parseArgs with its errors as one of ours, and no argument left over unseen. */
export function parse(argv: readonly string[], options: Options) {
  try {
    return parseArgs({ args: withKeys(argv, options), options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new ConfigurationError(
      `${(error as Error).message.split(/\.\s/)[0]}. fairway --help lists the commands and their options.`,
    );
  }
}

/** A key or certificate begins with dashes, which parseArgs takes for the next option: it becomes one word with its own. */
function withKeys(argv: readonly string[], options: Options): string[] {
  const args: string[] = [];
  for (const argument of argv) {
    const before = args.at(-1);
    if (argument.startsWith('-----BEGIN ') && before?.startsWith('--') && options[before.slice(2)]?.type === 'string')
      args[args.length - 1] = `${before}=${argument}`;
    else args.push(argument);
  }
  return args;
}
