import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { isCredentialName, redacted, redaction } from '@fairway/clients/redacted';
import { secretFormats } from '@fairway/service/secrets';

/** A value with fewer characters is also a word, and would take its place everywhere. */
const shortest = 8;

const formats = secretFormats.map(([, format]) => new RegExp(format, 'g'));

/**
 * Takes credentials out of what leaves the plugin. What they are is told by their form, by their place, or by the configuration
 * of this portal, which holds those that it logs in with.
 */
export class Redaction {
  readonly #known: readonly string[];

  /** @param known credentials of the configuration */
  constructor(known: readonly string[]) {
    // the longest first: one may be part of another
    this.#known = known.filter(one => one.length >= shortest).sort((a, b) => b.length - a.length);
  }

  text(text: string): string {
    const masked = this.#known.reduce((rest, secret) => rest.replaceAll(secret, redaction), text);
    return formats.reduce((rest, format) => rest.replace(format, redaction), redacted(masked));
  }

  /** Plain JSON without the credentials in its texts and in the fields that are named after one. */
  value<Value>(value: Value): Value {
    return this.#value(value) as Value;
  }

  #value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map(one => this.#value(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        name,
        typeof one === 'string' && isCredentialName(name) ? redaction : this.#value(one),
      ]),
    );
  }

  /** The same error, so that its class and status stay. */
  error<Thrown>(error: Thrown): Thrown {
    if (error instanceof Error) {
      error.message = this.text(error.message);
      if (error.stack) error.stack = this.text(error.stack);
    }
    return error;
  }

  logger(logger: LoggerService): LoggerService {
    const write =
      (level: 'error' | 'warn' | 'info' | 'debug'): LoggerService['info'] =>
      (message, meta) =>
        logger[level](this.text(message), meta instanceof Error ? this.error(meta) : this.value(meta));
    return {
      error: write('error'),
      warn: write('warn'),
      info: write('info'),
      debug: write('debug'),
      child: meta => this.logger(logger.child(meta)),
    };
  }
}

/** Knows the credentials of `fairway.clusters`. */
export function configuredRedaction(config: Config): Redaction {
  const known = (config.getOptionalConfigArray('fairway.clusters') ?? []).flatMap(cluster => [
    cluster.getOptionalString('serviceAccountToken') ?? [],
    cluster.getOptionalString('prometheusLogin.token') ?? [],
    ...['url', 'prometheusUrl', 'alertmanagerUrl', 'logsUrl', 'ledgerUrl'].flatMap(name =>
      addressSecrets(cluster.getOptionalString(name)),
    ),
  ]);
  return new Redaction(known.flat());
}

/** The password of an address as it is written and as it is meant, or the user where that is all of the login; its parameters. */
function addressSecrets(address: string | undefined): readonly string[] {
  const url = address === undefined ? null : URL.parse(address);
  if (!url) return [];
  const login = url.password || url.username;
  return [login, decodeURIComponent(login), ...url.searchParams.values()];
}
