import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Alert } from '@fairway/backstage-plugin-fairway-common';
import { alertmanager } from '@fairway/clients/alertmanager/index';
import type { Alertmanager, GettableAlert } from '@fairway/clients/alertmanager/index';

/** Milliseconds for which the alerts that were read last stand in for an Alertmanager that does not answer. */
const trust = 60_000;

/** Name of the alert that stands for those of an Alertmanager which does not answer. */
export const unknownAlerts = 'FairwayAlertsUnknown';

/** The alerts of one Alertmanager as they were last read. */
export class AlertSource {
  readonly url: string;
  readonly #clusters: readonly string[];
  readonly #server: Alertmanager;
  readonly #logger: LoggerService;
  readonly #started = new Date().toISOString();
  #alerts: readonly GettableAlert[] = [];
  #readAt: number | undefined;
  #problem: string | undefined;

  /** @param clusters names of the clusters whose alerts it holds */
  constructor(url: string, clusters: readonly string[], logger: LoggerService, signal: AbortSignal) {
    this.url = url;
    this.#clusters = clusters;
    this.#logger = logger;
    this.#server = alertmanager(url, signal);
  }

  get alerts(): readonly GettableAlert[] {
    return this.#alerts;
  }

  /** Why its alerts are not known; undefined while they are. */
  get problem(): string | undefined {
    const known = this.#readAt !== undefined && Date.now() - this.#readAt < trust;
    if (known) return undefined;
    return this.#problem ?? `The Alertmanager at ${this.url} has not been asked yet: try again in some seconds.`;
  }

  /** What takes the place of its alerts while they are not known: silence must not look like peace. */
  get missing(): Alert | undefined {
    const { problem } = this;
    if (problem === undefined) return undefined;
    return {
      fingerprint: `missing-${this.#clusters.join('-')}`,
      name: unknownAlerts,
      severity: 'ticket',
      summary: `The alerts of ${this.#clusters.join(', ')} are not known: its Alertmanager does not answer.`,
      description: problem,
      since: this.#readAt === undefined ? this.#started : new Date(this.#readAt).toISOString(),
      state: 'unprocessed',
      silencedBy: [],
    };
  }

  /** Reads the alerts again; keeps those of the last time when that fails. */
  async read(signal: AbortSignal): Promise<void> {
    try {
      this.#alerts = await this.#server.alerts();
      this.#readAt = Date.now();
      if (this.#problem !== undefined) this.#logger.info(`The Alertmanager at ${this.url} answers again.`);
      this.#problem = undefined;
    } catch (error) {
      if (signal.aborted) return;
      const text = (error as Error).message;
      if (this.#problem === undefined) this.#logger.warn(`Alerts could not be read: ${text}`);
      this.#problem = text;
    }
  }

  find(fingerprint: string): GettableAlert | undefined {
    return this.#alerts.find(alert => alert.fingerprint === fingerprint);
  }

  silence(alert: GettableAlert, minutes: number, comment: string, user: string): Promise<string> {
    const startsAt = new Date();
    const endsAt = new Date(startsAt.getTime() + minutes * 60_000);
    return this.#server.silence({ labels: alert.labels, startsAt, endsAt, createdBy: user, comment });
  }
}
