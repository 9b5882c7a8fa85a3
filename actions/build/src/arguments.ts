import { ConfigurationError } from '@fairway/service';
import { secretFormats } from '@fairway/service/secrets';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { isCredentialName, redacted } from '@fairway/clients/redacted';

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
      throw new ConfigurationError(reasonOf('input.buildArgument', { found: pair.slice(0, 40) }));
    }
    values[key] = pair.slice(equals + 1);
  }
  for (const [key, value] of Object.entries(values)) {
    const kind = secretKind(key, value);
    if (kind) throw new ConfigurationError(reasonOf('input.buildSecret', { argument: key, kind }));
  }
  return values;
}

/** What a build argument must not be; undefined for every other. */
function secretKind(key: string, value: string): string | undefined {
  const known = secretFormats.find(([, format]) => format.test(value))?.[0];
  if (known) return known;
  if (redacted(value) !== value) return 'a text with a credential in it';
  return value !== '' && isCredentialName(key) ? 'a credential by its name' : undefined;
}
