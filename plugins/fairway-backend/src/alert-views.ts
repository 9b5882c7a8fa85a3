import type {
  DatabaseService,
  LifecycleService,
  LoggerService,
  RootConfigService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { Alert, ResponseOf, SilenceRequest } from '@fairway/backstage-plugin-fairway-common';
import type { Scope } from './access/scope.ts';
import type { KnownServices } from './alerts/service-of-alert.ts';
import type { ClusterViews, OneService } from './cluster-views.ts';
import type { Redaction } from './redaction.ts';

/** What names one alert of all. */
export type AlertId = Pick<Alert, 'source' | 'fingerprint'>;

/** What the routes ask about alerts. */
export interface AlertViews {
  /**
   * @param only narrows the answer to one service, namespace and cluster, as far as it names them
   * @param seen those about services outside of it are left out; default: none
   */
  list(only?: OneService, seen?: Scope): Promise<ResponseOf<'alerts'>>;
  /** Those that were seen to end in the last days, the last one first. */
  resolved(only?: OneService, seen?: Scope): Promise<ResponseOf<'resolvedAlerts'>>;
  /** @throws NotFoundError when no such alert fires */
  find(alert: AlertId): Alert;
  /** What `find` throws. */
  unknown(alert: AlertId): Error;
  /** Active alerts of a service as they were last read; undefined while nobody watches. Answers at once and never throws. */
  firing(of: OneService): number | undefined;
  /**
   * At the source of the alert, and at no other.
   * @param user entity reference of who asks, such as user:default/ann
   * @throws NotFoundError of @backstage/errors when no such alert is known
   */
  silence(alert: AlertId, request: SilenceRequest, user: string): Promise<ResponseOf<'silence'>>;
  /** @throws NotFoundError when no such alert is known */
  acknowledge(alert: AlertId, user: string): Promise<ResponseOf<'acknowledge'>>;
}

/** What `createAlertViews` of `src/alerts/index.ts` is given. */
export interface AlertViewsOptions {
  readonly config: RootConfigService;
  readonly logger: LoggerService;
  /** For what others wrote into alerts. */
  readonly redaction: Redaction;
  /** Where releases broke off, of which no Alertmanager knows. */
  readonly clusters: Pick<ClusterViews, 'brokenOff' | 'present'>;
  /** Its shutdown hook ends the watching. */
  readonly lifecycle: LifecycleService;
  readonly scheduler: SchedulerService;
  readonly notifications: NotificationService;
  /** All files of `migrations/` have run. */
  readonly database: DatabaseService;
  /** All services that were delivered or are in a cluster. */
  services(): Promise<KnownServices>;
  /** The owner of a service as its last delivery named it in fairway.yaml. */
  ownerOf(service: string, namespace?: string): Promise<string | undefined>;
  /** Tells open pages that the alerts changed. */
  changed(): void;
}
