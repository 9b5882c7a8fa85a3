import type { AuthService, LoggerService, SchedulerServiceTaskRunner } from '@backstage/backend-plugin-api';
import type { CatalogService, EntityProvider, EntityProviderConnection } from '@backstage/plugin-catalog-node';
import { stringifyError } from '@backstage/errors';
import { ownersAndSystems } from './entities/owners-and-systems.ts';
import { serviceEntities } from './entities/service-entities.ts';
import type { FairwayBackend } from './fairway-backend.ts';
import { knownServices } from './known-services.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { unclaimedEntities } from './unclaimed-entities.ts';
import { validEntities } from './valid-entities.ts';

export interface ProviderOptions {
  readonly backend: Pick<FairwayBackend, 'ask'>;
  readonly auth: AuthService;
  readonly catalog: CatalogService;
  readonly logger: LoggerService;
  readonly taskRunner: SchedulerServiceTaskRunner;
  /** Owner of services that nobody delivered through this portal. */
  readonly unknownOwner: string;
}

/** Gives the catalog an entity for every service that was delivered or runs. */
export class FairwayEntityProvider implements EntityProvider {
  /** Reads all services again. Never fails: what cannot be read is logged and stays in the catalog as it is. */
  readonly refresh: () => Promise<void>;
  private readonly options: ProviderOptions;
  private connection: EntityProviderConnection | undefined;
  private told: ReadonlySet<string> = new Set();

  constructor(options: ProviderOptions) {
    this.options = options;
    this.refresh = oneAtATime(() => this.read());
  }

  getProviderName(): string {
    return 'fairway-services';
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    this.connection = connection;
    await this.options.taskRunner.run({ id: `${this.getProviderName()}:refresh`, fn: () => this.refresh() });
  }

  private async read(): Promise<void> {
    // an event may come before the catalog is ready; its first scheduled run reads everything
    if (!this.connection) return;
    const { logger, backend, unknownOwner, catalog, auth } = this.options;
    try {
      const { services, complete, notice, problems } = await knownServices(backend, unknownOwner);
      const { valid, invalid } = await validEntities([
        ...services.flatMap(serviceEntities),
        ...ownersAndSystems(services),
      ]);
      this.tell([...(notice ? [notice] : []), ...problems, ...invalid]);
      const entities = await unclaimedEntities(valid, catalog, auth);
      // without a location key, so that what somebody registers later takes the place of ours
      const deferred = entities.map(entity => ({ entity }));
      // a delta takes nothing away: what a silent cluster runs is still there
      await this.connection.applyMutation(
        complete ? { type: 'full', entities: deferred } : { type: 'delta', added: deferred, removed: [] },
      );
      logger.debug(`The catalog has ${services.length} services of Fairway.`);
    } catch (error) {
      logger.error(
        `The services of Fairway could not be read, so the catalog keeps those it has and asks again at the next time of its schedule: ${stringifyError(error)}`,
      );
    }
  }

  /** Each once, and again when it came back. */
  private tell(problems: readonly string[]): void {
    for (const problem of problems) if (!this.told.has(problem)) this.options.logger.warn(problem);
    this.told = new Set(problems);
  }
}
