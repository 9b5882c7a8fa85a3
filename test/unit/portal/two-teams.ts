import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import type { ClusterViews } from '../../../plugins/fairway-backend/src/cluster-views.ts';

/** A service of each team, and a pod that belongs to neither. */
export const teams = { a: 'service-of-a', b: 'secret-of-b' } as const;

const since = '2026-11-25T09:00:00.000Z';
const clusters: ResponseOf<'deployments'>['clusters'] = [{ name: 'east', state: 'live' }];

const deploymentOf = (service: string): ResponseOf<'deployments'>['items'][number] => ({
  ...{ cluster: 'east', namespace: service, service },
  versions: [
    {
      ...{ revision: 'adb99f1d', image: 'registry.test/x', replicas: 1, readyReplicas: 1, createdAt: since },
      state: 'ready',
      pods: [{ name: `${service}-0`, phase: 'Running', state: 'ready', restarts: 0 }],
    },
  ],
});

const waitingOf = (service: string) => ({
  ...{ namespace: service, name: `${service}-1`, service, gpus: 1, since, reason: '0/1 nodes are available.' },
});

const pool = {
  ...{ cluster: 'east', class: 'h100-80gb', resource: 'nvidia.com/gpu', source: 'device-plugin' as const },
  ...{ installed: 8, allocatable: 8, requested: 6, free: 2 },
};

/** What the watches of a cluster would hold. */
export const clusterOfTwoTeams: ClusterViews = {
  deployments: (only = {}) => ({
    clusters,
    items: Object.values(teams)
      .filter(service => (only.service ?? service) === service && (only.namespace ?? service) === service)
      .map(deploymentOf),
  }),
  present: () => [],
  brokenOff: () => [],
  writable: () => undefined,
  capacity: () => ({
    clusters,
    pools: [{ ...pool, nodes: 1, largestFree: 2, fragmentation: 0, waiting: Object.values(teams).map(waitingOf) }],
    saturation: Object.values(teams).map(service => ({ cluster: 'east', namespace: service, service, waiting: 3 })),
  }),
  fleet: () => ({
    ...{ simulated: false, measured: false, clusters },
    holders: [
      { namespace: teams.a, service: teams.a, owner: 'team-a' },
      { namespace: teams.b, service: teams.b, owner: 'team-b' },
      { namespace: 'secret-batch' },
    ],
    pools: [
      {
        ...{ ...pool, part: 1, nodeCount: 1, waiting: 2 },
        byHolder: [0, 1, 2].map(holder => ({ holder, count: 2, idle: 0 })),
        nodes: [
          {
            ...{ name: 'node-1', state: 'usable', taints: [], capacity: 8, allocatable: 8 },
            held: [`${teams.a}/${teams.a}-0`, `${teams.b}/${teams.b}-0`, 'secret-batch/secret-job'].map(
              (pod, holder) => ({
                ...{ holder, pod, count: 2 },
              }),
            ),
          },
        ],
      },
    ],
  }),
  gpuQuotas: () =>
    [...Object.values(teams), 'secret-batch'].map(namespace => ({
      ...{ cluster: 'east', namespace, resource: 'nvidia.com/gpu', hard: 4, used: 2 },
    })),
  queues: () => ({
    sources: [{ cluster: 'east', state: 'live' }],
    items: Object.values(teams).map(namespace => ({
      ...{ cluster: 'east', namespace, name: 'gpus', clusterQueue: 'all', waiting: 1, services: [namespace] },
    })),
  }),
  fitting: () => ({ contextLength: 8192, sequences: 16, fits: [] }),
  fit: () => ({ memoryFits: true, sentence: 'It fits.', places: [], fits: true }),
};

/** Answers searches as a log store would that has lines of each team, of which those of the firewall name no service. */
export async function logStoreOfTwoTeams() {
  const lines = [
    ...Object.values(teams).map(service => ({ message: `${service} answered`, service: { name: service } })),
    { message: 'secret firewall line' },
  ];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => (body += chunk));
    request.on('end', () => {
      const asked = Object.values(teams).find(service => body.includes(`"service.name":"${service}"`));
      const hits = lines
        .filter(line => asked === undefined || ('service' in line && line.service.name === asked))
        .map(line => ({ _source: { '@timestamp': since, log: { level: 'info' }, ...line } }));
      response.end(JSON.stringify({ hits: { total: { value: hits.length }, hits } }));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
