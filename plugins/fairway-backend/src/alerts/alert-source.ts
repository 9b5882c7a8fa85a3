import type { LoggerService } from '@backstage/backend-plugin-api';
import type { AlertSourceStatus } from '@fairway/backstage-plugin-fairway-common';
import { alertmanager } from '@fairway/clients/alertmanager/index';
import type { Alertmanager, GettableAlert } from '@fairway/clients/alertmanager/index';
import type { HttpLogin } from '@fairway/clients/http-login';
import { type Said, saidError } from '../http/said-error.ts';

/** Where an Alertmanager answers, and what lets the portal in. */
export interface AlertmanagerPlace {
  readonly url: string;
  readonly login: HttpLogin;
}

/** Milliseconds for which the alerts that were read last stand in for an Alertmanager that does not answer. */
const trust = 60_000;

/** The alerts of one Alertmanager as they were last read. Its address may hold a login, so it is named by its clusters. */
export class AlertSource {
  /** The first of its clusters, so that a cluster which joins does not rename it. */
  readonly name: string;
  readonly clusters: readonly string[];
  readonly #server: Alertmanager;
  readonly #logger: LoggerService;
  #alerts: readonly GettableAlert[] = [];
  #readAt: number | undefined;
  #problem: Said | undefined;

  /** @param clusters names of the clusters whose alerts it holds, at least one */
  constructor(place: AlertmanagerPlace, clusters: readonly string[], logger: LoggerService, signal: AbortSignal) {
    this.clusters = clusters.toSorted();
    this.name = this.clusters[0] ?? '';
    this.#logger = logger;
    this.#server = alertmanager(place.url, signal, place.login);
  }

  /** Those of an Alertmanager that no longer answers may be over, but saying nothing of them would be worse. */
  get alerts(): readonly GettableAlert[] {
    return this.#alerts;
  }

  get isLive(): boolean {
    return this.#readAt !== undefined && Date.now() - this.#readAt < trust;
  }

  get status(): AlertSourceStatus {
    const named = { name: this.name, clusters: [...this.clusters] };
    if (this.isLive) return { ...named, state: 'live' };
    if (this.#problem === undefined) return { ...named, state: 'connecting' };
    return { ...named, state: 'unreachable', ...this.#problem };
  }

  /** Reads the alerts again; keeps those of the last time when that fails. */
  async read(signal: AbortSignal): Promise<void> {
    try {
      this.#alerts = await this.#server.alerts();
      this.#readAt = Date.now();
      if (this.#problem !== undefined) this.#logger.info(`The Alertmanager of ${this.name} answers again.`);
      this.#problem = undefined;
    } catch (error) {
      if (signal.aborted) return;
      const why = saidError(error as Error);
      if (this.#problem === undefined)
        this.#logger.warn(`The alerts of ${this.name} could not be read: ${why.message}`);
      this.#problem = why;
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
