import { ConfigurationError } from '@fairway/service';

/** The build arguments of fairway.yaml with those given as KEY=VALUE over them. */
export function buildArguments(
  declared: Readonly<Record<string, string>>,
  given: readonly string[],
): Readonly<Record<string, string>> {
  const values: Record<string, string> = { ...declared };
  for (const pair of given) {
    const equals = pair.indexOf('=');
    const key = pair.slice(0, equals);
    if (!/^[A-Za-z_]\w*$/.test(key) || equals < 1) {
      throw new ConfigurationError(`The input build-arguments holds "${pair.slice(0, 40)}"; each must be KEY=VALUE.`);
    }
    values[key] = pair.slice(equals + 1);
  }
  return values;
}
