import { type ParseArgsConfig, parseArgs } from 'node:util';
import { ConfigurationError } from '@fairway/service/configuration-error';
import { nearest } from '@fairway/service/nearest';

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * parseArgs with its errors as one of ours, and no argument left over unseen.
 * @param words most arguments that are no options, of a command that does not count them itself
 */
export function parse(argv: readonly string[], options: Options, words = Infinity) {
  const parsed = parsedArguments(argv, options);
  // a variable of a script that is not set, which would mean this folder
  if (parsed.positionals.includes(''))
    throw new ConfigurationError(
      'One of the arguments is empty. Name the folder or file that is meant; . is this folder.',
    );
  if (parsed.positionals.length <= words) return parsed;
  throw new ConfigurationError(
    `This command takes ${words === 0 ? 'options only' : `${words === 1 ? 'one word' : `${words} words`} beside its options`}; found ${parsed.positionals.map(text => `"${text}"`).join(', ')}. fairway --help lists the commands and their options.`,
  );
}

function parsedArguments(argv: readonly string[], options: Options) {
  try {
    return parseArgs({ args: withKeys(argv, options), options, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const option = /'(?:-\w, )?--([\w-]+)/.exec(message)?.[1];
    if (message.includes('ambiguous'))
      throw new ConfigurationError(
        `--${option} needs a value; one that begins with a dash is written --${option}=-VALUE.`,
      );
    const near = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && option && nearest(option, Object.keys(options));
    throw new ConfigurationError(
      `${message.split(/\.\s/)[0]}. ${near ? `Did you mean --${near}? ` : ''}fairway --help lists the commands and their options.`,
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
