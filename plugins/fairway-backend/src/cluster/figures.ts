import type { LoggerService } from '@backstage/backend-plugin-api';
import type { GpuPool, Saturation } from '@fairway/backstage-plugin-fairway-common';
import { pause } from '@fairway/clients/pause';
import { prometheus } from '@fairway/clients/prometheus/index';
import type { HttpLogin } from '@fairway/clients/http-login';
import type { Sample } from '@fairway/clients/prometheus/index';
import { engineProfile } from '@fairway/engines';
import type { ClusterSeries } from '@fairway/indicators';
import { engineNames } from '@fairway/service';
import { gpuClassName } from './gpu-class-name.ts';

/** What Prometheus says about the GPUs and queues of one cluster. */
export interface Figures {
  /** By `poolKey`. */
  readonly devices: ReadonlyMap<string, Pick<GpuPool, 'utilisation' | 'memoryUsedBytes'>>;
  readonly saturation: readonly Saturation[];
  /** Namespace/name of pods → whether their GPUs did nothing for half an hour; only of pods that DCGM knows. */
  readonly idle: ReadonlyMap<string, boolean>;
}

export const noFigures: Figures = { devices: new Map(), saturation: [], idle: new Map() };

const interval = 15_000;
const by = 'by (modelName, GPU_I_PROFILE)';
/** A GPU without any work for so long is idle; a pod has those that its labels name. */
const idleFor = '30m';
const queues = engineNames.map(name => engineProfile(name).metrics.requestsWaiting).filter(name => name !== undefined);

/** Devices, their memory and work, requests that wait, and the most that the GPUs of a pod worked. */
function expressions(series: ClusterSeries): readonly string[] {
  const [used, busy] = ['DCGM_FI_DEV_FB_USED', 'DCGM_FI_DEV_GPU_UTIL'] as const;
  return [
    `count ${by} (${series.of(used)})`,
    `avg ${by} (${series.of(used)})`,
    `avg ${by} (${series.of(busy)})`,
    `sum by (job) (${series.of('', `__name__=~"${queues.join('|')}",job=~"fairway/.+/.+"`)})`,
    `max by (exported_namespace, exported_pod) (max_over_time(${series.of(busy, 'exported_pod!=""')}[${idleFor}]))`,
  ];
}

/** DCGM counts memory in MiB. */
const mebibyte = 1024 ** 2;

export function poolKey({ class: className, resource }: Pick<GpuPool, 'class' | 'resource'>): string {
  return resource.includes('/mig-') ? `${className} ${resource.replace(/^.*\/mig-/, '')}` : className;
}

/** Whom to ask, and of which series. */
export interface Asked {
  readonly url: string;
  readonly login?: HttpLogin;
  readonly series: ClusterSeries;
}

/**
 * Asks again and again until the signal, whether or not anybody looks: an answer never waits for Prometheus.
 * @param found called with every set of figures; with none while Prometheus does not answer
 */
export async function followFigures(
  cluster: string,
  { url, login, series }: Asked,
  logger: LoggerService,
  signal: AbortSignal,
  found: (figures: Figures) => void,
): Promise<void> {
  const server = prometheus(url, signal, login);
  let failing = false;
  while (!signal.aborted) {
    try {
      const [counts, memory, utilisation, queued, peaks] = await Promise.all(
        expressions(series).map(expression => server.query(expression)),
      );
      found({
        devices: means(counts ?? [], memory ?? [], utilisation ?? []),
        saturation: saturation(cluster, queued ?? []),
        idle: idlePods(peaks ?? []),
      });
      if (failing) logger.info(`The Prometheus of the cluster ${cluster} answers again.`);
      failing = false;
    } catch (error) {
      if (signal.aborted) return;
      found(noFigures);
      if (!failing) logger.warn(`GPU figures of the cluster ${cluster} are left out: ${(error as Error).message}`);
      failing = true;
    }
    await pause(interval, signal);
  }
}

/** Several products may be one class, so their means are weighted by their devices. */
function means(
  counts: readonly Sample[],
  memory: readonly Sample[],
  utilisation: readonly Sample[],
): Figures['devices'] {
  const sums = new Map<string, { devices: number; memory: number; busyDevices: number; busy: number }>();
  const sampleKey = ({ metric }: Sample) => `${metric['modelName']}|${metric['GPU_I_PROFILE'] ?? ''}`;
  const usedBy = new Map(memory.map(sample => [sampleKey(sample), sample.value]));
  const busyBy = new Map(utilisation.map(sample => [sampleKey(sample), sample.value]));
  for (const sample of counts) {
    const key = figureKey(sample);
    const sum = sums.get(key) ?? { devices: 0, memory: 0, busyDevices: 0, busy: 0 };
    sum.devices += sample.value;
    sum.memory += sample.value * (usedBy.get(sampleKey(sample)) ?? 0);
    const share = busyBy.get(sampleKey(sample));
    if (share !== undefined) {
      sum.busyDevices += sample.value;
      sum.busy += sample.value * share;
    }
    sums.set(key, sum);
  }
  return new Map(
    [...sums].map(([key, sum]) => [
      key,
      {
        memoryUsedBytes: (sum.memory / sum.devices) * mebibyte,
        utilisation: sum.busyDevices > 0 ? sum.busy / sum.busyDevices : undefined,
      },
    ]),
  );
}

/** `poolKey` of the pool that a series is about. */
export function figureKey({ metric }: Pick<Sample, 'metric'>): string {
  const profile = metric['GPU_I_PROFILE'];
  const className = gpuClassName(metric['modelName'], profile ? `nvidia.com/mig-${profile}` : 'nvidia.com/gpu');
  return profile ? `${className} ${profile}` : className;
}

function idlePods(peaks: readonly Sample[]): Figures['idle'] {
  return new Map(
    peaks.map(({ metric, value }) => [`${metric['exported_namespace']}/${metric['exported_pod']}`, value === 0]),
  );
}

function saturation(cluster: string, samples: readonly Sample[]): readonly Saturation[] {
  return samples.flatMap(({ metric, value }) => {
    const [, namespace, service] = (metric['job'] ?? '').split('/');
    return namespace && service ? [{ cluster, namespace, service, waiting: value }] : [];
  });
}
