import { ConfigurationError } from '@fairway/service/configuration-error';

/** Variable that holds a secret input for the command line: `password` is FAIRWAY_PASSWORD. */
export function secretVariable(input: string): string {
  return `FAIRWAY_${input.toUpperCase().replaceAll('-', '_')}`;
}

/** @throws ConfigurationError for a secret that is given as an option: a command line is open to every process of the machine */
export function rejectSecrets(argv: readonly string[], isSecret: (name: string) => boolean): void {
  const secret = argv.map(text => /^--([\w-]+)/.exec(text)?.[1] ?? '').find(isSecret);
  if (secret)
    throw new ConfigurationError(
      `--${secret} would show a secret to every program of this machine. Give it in the variable ${secretVariable(secret)}.`,
    );
}
