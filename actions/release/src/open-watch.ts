import { engineProfile } from '@fairway/engines';
import type { Service } from '@fairway/service';
import type { StageContext } from '@fairway/stage';
import type { HttpRoute } from '@fairway/clients/kubernetes/traffic';
import { prometheus } from '@fairway/clients/prometheus/index';
import { targetOfRoute } from '@fairway/targets/gateway/find';
import type { ReleaseInputs } from './inputs.ts';
import { VersionWatch } from './users.ts';

export interface Watched {
  /** The users of the new version. */
  readonly watch?: VersionWatch;
  /** Requests that the previous version is answering now. */
  readonly open?: () => Promise<number>;
}

/** What Prometheus tells of both versions; nothing without a Prometheus. */
export async function openWatch(
  service: Service,
  inputs: ReleaseInputs,
  context: Pick<StageContext, 'log' | 'signal'>,
  route: HttpRoute,
  stable: string | undefined,
): Promise<Watched> {
  const url = inputs['prometheus-url'];
  const target = targetOfRoute(route);
  const traffic = target.versionTraffic(route, service.name, inputs.revision);
  if (!url || !traffic) {
    context.log.info('Without prometheus-url nobody sees how the users fare: only requests made here are judged.');
    return {};
  }
  const server = prometheus(url, context.signal);
  const profile = engineProfile(service.engine.name);
  const before = stable ? target.versionTraffic(route, service.name, stable) : undefined;
  return {
    watch: await VersionWatch.open(server, traffic, service, profile, inputs.revision),
    ...(before ? { open: async () => (await server.query(before.open))[0]?.value ?? 0 } : {}),
  };
}
