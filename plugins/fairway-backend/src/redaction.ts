import type { AuditorService, LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { isCredentialName, redacted, redaction } from '@fairway/clients/redacted';
import { secretFormats } from '@fairway/service/secrets';
import { configuredCredentials } from './configured-credentials.ts';

/** What of an error goes on: Backstage answers and logs every property, and clients put whole requests with their headers into theirs. */
const shown: ReadonlySet<string> = new Set(['name', 'code', 'coded', 'status', 'statusCode']);

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

  /** The same error, so that its class and status stay, with what caused it. */
  error<Thrown>(error: Thrown): Thrown {
    const done = new Set<unknown>();
    for (let one: unknown = error; one instanceof Error && !done.has(one); one = one.cause) {
      done.add(one);
      one.message = this.text(one.message);
      if (one.stack) one.stack = this.text(one.stack);
      if ('coded' in one) one.coded = this.value(one.coded);
      if (!(one.cause instanceof Error)) delete one.cause;
      for (const name of Object.keys(one)) if (!shown.has(name) && name !== 'cause') Reflect.deleteProperty(one, name);
    }
    return error;
  }

  /** Its events say how an action failed. */
  auditor(auditor: AuditorService): AuditorService {
    return {
      createEvent: async ({ meta, ...options }) => {
        const event = await auditor.createEvent({ ...options, meta: this.value(meta) });
        return {
          success: given => event.success({ ...given, meta: this.value(given?.meta) }),
          fail: ({ error, meta: more }) => event.fail({ error: this.error(error), meta: this.value(more) }),
        };
      },
    };
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
