import { join } from 'node:path';
import type { PlatformState } from '../platform-state.ts';
import { projectFolder } from './sources.ts';

export interface PortalSettings {
  /** Holds its database and its token. */
  readonly folder: string;
  readonly url: string;
  readonly port: number;
  readonly tokenFile: string;
  /** Where Create puts new services. */
  readonly servicesFolder: string;
  /** Files with records of `fairway compare`. */
  readonly comparisons: readonly string[];
  /** Undefined when no platform is up: the portal then shows what was delivered and watches no cluster. */
  readonly platform: Pick<PlatformState, 'kubernetes' | 'prometheus' | 'alertmanager' | 'logs'> | undefined;
  /** Of the platform's ledger, with its password: the file that holds it is for its user alone. */
  readonly ledgerUrl?: string;
}

/** What the portal of this machine adds to app-config.yaml. */
export function portalConfiguration(settings: PortalSettings) {
  const { folder, url, port, tokenFile, servicesFolder, comparisons, platform, ledgerUrl } = settings;
  return {
    app: { baseUrl: url },
    backend: {
      baseUrl: url,
      listen: { host: '127.0.0.1', port },
      // no load balancer has to notice first that it ends
      lifecycle: { serverShutdownDelay: { seconds: 0 } },
      database: { client: 'better-sqlite3', connection: { directory: join(folder, 'database') } },
      auth: {
        externalAccess: [
          {
            type: 'static',
            options: { token: { $file: tokenFile }, subject: 'fairway-command-line' },
            accessRestrictions: [{ plugin: 'fairway', permission: 'fairway.delivery.ingest' }],
          },
        ],
      },
    },
    // it is the only replica, and what it asks itself for would keep it from ending
    events: { useEventBus: 'never' },
    auth: {
      providers: { guest: { dangerouslyAllowOutsideDevelopment: true, userEntityRef: 'user:default/guest' } },
    },
    catalog: {
      locations: [
        location('packages/backend/laptop/people.yaml', 'User', 'Group'),
        location('templates/inference-service/template.yaml', 'Template'),
      ],
    },
    fairway: {
      signIn: ['guest'],
      permissions: { readers: ['*'], operators: ['*'] },
      // one person's machine: the token is theirs, and so is every service
      senders: [{ subject: 'fairway-command-line', owners: ['*'] }],
      clusters: platform
        ? [
            {
              name: 'local',
              ...platform.kubernetes,
              prometheusUrl: platform.prometheus.url,
              alertmanagerUrl: platform.alertmanager.url,
              ...(platform.logs ? { logsUrl: platform.logs.url } : {}),
              ...(ledgerUrl === undefined ? {} : { ledgerUrl }),
              // the cluster is the machine's own, and so is who opens the portal
              actions: true,
            },
          ]
        : [],
      comparisons: comparisons.map(file => ({ $include: file })),
      localServices: { folder: servicesFolder },
      deliver: {
        command: ['sh', join(projectFolder, 'bin/run'), 'packages/cli/src/main.ts', 'deliver'],
        directory: projectFolder,
        target: 'local',
      },
    },
  };
}

function location(path: string, ...allow: string[]) {
  return { type: 'file', target: join(projectFolder, path), rules: [{ allow }] };
}
