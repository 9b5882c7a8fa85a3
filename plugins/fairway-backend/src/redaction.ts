import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { isCredentialName, redacted, redaction } from '@fairway/clients/redacted';
import { secretFormats } from '@fairway/service/secrets';
import { configuredCredentials } from './configured-credentials.ts';

/** A value with fewer characters is also a word, and would take its place everywhere. */
const shortest = 8;

/** How many tokens that came while the portal runs are known at most: each replaces one that is over. */
const mostLearnt = 100;

const formats = secretFormats.map(([, format]) => new RegExp(format, 'g'));

/**
 * Takes credentials out of what leaves the plugin. What they are is known by their form, by their place, or by being one of those that
 * this portal logs in with: its configuration holds them, or names a file or a command that gives them.
 */
export class Redaction {
  readonly #configured: readonly string[];
  readonly #learnt = new Set<string>();
  #known: readonly string[];

  /** @param known credentials of the configuration */
  constructor(known: readonly string[]) {
    this.#configured = known;
    this.#known = longestFirst(known);
  }

  /** A token that a file or a command gave: it is taken out from now on. */
  learn(secret: string): void {
    const known = this.#learnt.delete(secret);
    // the newest again: it goes after those that nobody uses any more
    this.#learnt.add(secret);
    if (known) return;
    const [oldest] = this.#learnt;
    if (this.#learnt.size > mostLearnt && oldest !== undefined) this.#learnt.delete(oldest);
    this.#known = longestFirst([...this.#configured, ...this.#learnt]);
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
      // it goes into the answer beside the message
      if ('coded' in error) error.coded = this.value(error.coded);
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

/** One may be part of another. */
function longestFirst(secrets: readonly string[]): readonly string[] {
  return [...new Set(secrets)].filter(one => one.length >= shortest).sort((a, b) => b.length - a.length);
}

/** Knows the credentials of the whole configuration. */
export function configuredRedaction(config: Config): Redaction {
  return new Redaction(configuredCredentials(config));
}
