import type {
  DatabaseService,
  LifecycleService,
  LoggerService,
  RootConfigService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import type { NotificationService } from '@backstage/plugin-notifications-node';
import type { Alert, ResponseOf, SilenceRequest } from '@fairway/backstage-plugin-fairway-common';

/** What the routes ask about alerts. */
export interface AlertViews {
  /** @param service narrows the answer to one service */
  list(service?: string): Promise<readonly Alert[]>;
  /** Active alerts by service as they were last read; answers at once and never throws. */
  firing(): ReadonlyMap<string, number>;
  /**
   * @param user entity reference of who asks, such as user:default/ann
   * @throws NotFoundError of @backstage/errors when no such alert is known
   */
  silence(fingerprint: string, request: SilenceRequest, user: string): Promise<ResponseOf<'silence'>>;
  /** @throws NotFoundError when no such alert is known */
  acknowledge(fingerprint: string, user: string): Promise<ResponseOf<'acknowledge'>>;
}

/** What `createAlertViews` of `src/alerts/index.ts` is given. */
export interface AlertViewsOptions {
  readonly config: RootConfigService;
  readonly logger: LoggerService;
  /** Its shutdown hook ends the watching. */
  readonly lifecycle: LifecycleService;
  readonly scheduler: SchedulerService;
  readonly notifications: NotificationService;
  /** All files of `migrations/` have run. */
  readonly database: DatabaseService;
  /** The owner of a service as its last delivery named it in fairway.yaml. */
  ownerOf(service: string): Promise<string | undefined>;
  /** Tells open pages that the alerts changed. */
  changed(): void;
}
