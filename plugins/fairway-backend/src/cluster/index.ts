import { isDeepStrictEqual } from 'node:util';
import { ClusterSeries } from '@fairway/indicators';
import type { GpuPool } from '@fairway/backstage-plugin-fairway-common';
import type { ClusterViews, ClusterViewsOptions } from '../cluster-views.ts';
import { clusterConnections } from './connections.ts';
import { followFigures, noFigures, poolKey } from './figures.ts';
import type { Figures } from './figures.ts';
import { answerFit } from './fit.ts';
import { fittingClasses } from './fitting-classes.ts';
import { Holders } from './fleet.ts';
import { WatchedCluster } from './watched-cluster.ts';

/**
 * Starts to watch the clusters of the configuration; answers from then on, first with clusters that are connecting.
 * @throws Error for a configuration that cannot be meant
 */
export function createClusterViews(options: ClusterViewsOptions): ClusterViews {
  const { config, logger, redaction, lifecycle, changed } = options;
  const end = new AbortController();
  lifecycle.addShutdownHook(() => end.abort());
  const figures = new Map<string, Figures>();
  const connections = clusterConnections(config, token => redaction.learn(token));
  const clusters = connections.map(connection => {
    const { name, prometheusUrl, prometheusLabels, prometheusLogin: login } = connection;
    if (prometheusUrl)
      void followFigures(
        name,
        { url: prometheusUrl, login, series: ClusterSeries.labelled(prometheusLabels) },
        logger,
        end.signal,
        found => {
          const before = figures.get(name);
          if (isDeepStrictEqual(before, found)) return;
          figures.set(name, found);
          changed();
        },
      );
    let told: string | undefined;
    return new WatchedCluster(connection, {
      signal: end.signal,
      changed,
      stateChanged({ state, message }) {
        const text = `The cluster ${name} is ${state}${message ? `: ${message}` : '.'}`;
        if (text === told) return;
        told = text;
        if (message) logger.warn(text);
        else logger.info(text);
      },
    });
  });
  // what did not change is the same object as before, so that it is written once
  const shown = new WeakMap<GpuPool, { readonly figures: Figures | undefined; readonly pool: GpuPool }>();
  const withFigures = (pool: GpuPool): GpuPool => {
    const own = figures.get(pool.cluster);
    const known = shown.get(pool);
    if (known && known.figures === own) return known.pool;
    const made = { ...pool, ...own?.devices.get(poolKey(pool)) };
    shown.set(pool, { figures: own, pool: made });
    return made;
  };
  let holders = new Holders(new Map());
  return {
    deployments: only => ({
      clusters: clusters.map(cluster => cluster.status),
      items: clusters
        .filter(({ name }) => only?.cluster === undefined || name === only.cluster)
        .flatMap(cluster => cluster.deployments(only)),
    }),
    present: () =>
      clusters.map(cluster => ({
        cluster: cluster.name,
        uid: cluster.uid,
        // not each who asks needs them, and with each event of a cluster somebody asks
        get live() {
          return cluster.status.state === 'live';
        },
        get services() {
          return cluster.present;
        },
      })),
    brokenOff: () => clusters.flatMap(cluster => cluster.brokenOff),
    writable: name => connections.find(one => one.name === name && one.actions)?.open(end.signal),
    capacity: () => ({
      clusters: clusters.map(cluster => cluster.status),
      pools: clusters.flatMap(cluster => cluster.pools.map(({ pool }) => withFigures(pool))),
      saturation: clusters.flatMap(cluster => (figures.get(cluster.name) ?? noFigures).saturation),
    }),
    fleet: (asked, owners) => {
      if (holders.owners !== owners) holders = new Holders(owners);
      const wanted = clusters.filter(({ name }) => asked.cluster === undefined || name === asked.cluster);
      const idle = ({ name }: WatchedCluster) => (figures.get(name) ?? noFigures).idle;
      return {
        simulated: false,
        clusters: clusters.map(cluster => cluster.status),
        measured: wanted.some(cluster => idle(cluster).size > 0),
        pools: wanted.flatMap(cluster => cluster.fleet(asked, holders, idle(cluster))),
        holders: holders.all,
      };
    },
    gpuQuotas: () => clusters.flatMap(cluster => cluster.gpuQuotas),
    queues: () => ({
      sources: clusters.flatMap(({ queues }) => queues?.source ?? []),
      items: clusters.flatMap(({ queueViews }) => queueViews),
    }),
    fit: (question, model) => answerFit(question, model, clusters),
    fitting: model => fittingClasses(model, clusters),
  };
}
