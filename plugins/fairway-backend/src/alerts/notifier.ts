import type { LoggerService } from '@backstage/backend-plugin-api';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import { type Alert, ownerReference } from '@fairway/backstage-plugin-fairway-common';
import { english, type Reason, reasonOf } from '@fairway/service/reasons/reason';
import type { NotificationClaims } from './notification-claims.ts';
import type { Saying } from './notification-language.ts';

export interface NotifierOptions {
  readonly claims: NotificationClaims;
  readonly notifications: NotificationService;
  readonly logger: LoggerService;
  readonly say: Saying;
  ownerOf(service: string, namespace?: string): Promise<string | undefined>;
}

/** Severities of Fairway's rules and the usual ones of others; all else is normal. */
const severities: Readonly<Record<string, 'critical' | 'high'>> = {
  page: 'critical',
  critical: 'critical',
  ticket: 'high',
};

/** Tells the owners of new alerts, once for each alert whatever the number of replicas. */
export class Notifier {
  readonly #options: NotifierOptions;
  /** Alerts that need no more looking at, so that the database is not asked at every reading. */
  readonly #done = new Set<string>();

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** @param alerts all that are known now */
  async tell(alerts: readonly Alert[]): Promise<void> {
    const keys = new Set(alerts.map(keyOf));
    for (const key of this.#done) if (!keys.has(key)) this.#done.delete(key);
    for (const alert of alerts) if (alert.state === 'active' && !this.#done.has(keyOf(alert))) await this.#one(alert);
  }

  async #one(alert: Alert): Promise<void> {
    const { claims, notifications, logger, ownerOf, say } = this.#options;
    // who may see the alert: the label counts for services that the portal does not know
    const known = alert.service === undefined ? undefined : await ownerOf(alert.service, alert.namespace);
    const owner = known ?? alert.owner;
    const entityRef = owner && ownerReference(owner);
    if (!entityRef) {
      // the owner of a service may become known with its next delivery; that of an alert without one never
      if (owner !== undefined || alert.service === undefined) this.#done.add(keyOf(alert));
      if (owner) logger.warn(`The owner "${owner}" of the alert ${alert.name} is no entity reference: nobody is told.`);
      return;
    }
    const claim = await claims.claim(alert, new Date());
    if (claim.state === 'sent') this.#done.add(keyOf(alert));
    if (claim.state !== 'ours') return;
    try {
      await notifications.send({ recipients: { type: 'entity', entityRef }, payload: payload(alert, say) });
    } catch (error) {
      await claims.release(claim.id);
      logger.warn(
        `${entityRef} could not be told of the alert ${alert.name}, tried again: ${(error as Error).message}`,
      );
      return;
    }
    await claims.sent(claim.id, new Date());
    this.#done.add(keyOf(alert));
  }
}

function payload(alert: Alert, say: Saying) {
  const { summary, coded, description, codedDescription } = alert;
  const fires = whatFires(alert);
  return {
    title: say(summary, coded),
    // where there is none, Slack would say that there is none
    description: description === undefined ? say(english(fires), fires) : say(description, codedDescription),
    link: '/fairway/alerts',
    severity: severities[alert.severity] ?? ('normal' as const),
    topic: 'fairway.alerts',
    // should a replica die between sending and noting it, the second message takes the place of the first
    scope: `fairway:alert:${alert.source}:${alert.fingerprint}`,
  };
}

function whatFires({ name, namespace, service, cluster, source }: Alert): Reason {
  const of = [namespace, service].filter(part => part !== undefined).join('/');
  const where = { name, cluster: cluster ?? source };
  return of === '' ? reasonOf('alert.fires', where) : reasonOf('alert.firesFor', { ...where, service: of });
}

function keyOf({ source, fingerprint, since }: Alert): string {
  return JSON.stringify([source, fingerprint, since]);
}
