import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { serviceStates } from '@fairway/backstage-plugin-fairway-common';
import type { Reading } from './reading.ts';

const attributes = { readOnly: true, idempotent: true, destructive: false };

/**
 * What agents may ask of the portal, such as through Backstage's MCP server. They read with the rights of their user, and change
 * nothing: who moves traffic or silences an alert is a person who saw what will happen.
 */
export function registerAgentActions(registry: ActionsRegistryService, reading: Reading): void {
  registry.register({
    name: 'list-services',
    title: 'List inference services',
    description:
      'Lists the inference services that Fairway delivers: owner, engine, model, whether they serve, how many alerts fire. Narrow them by owner, environment, cluster or state.',
    attributes,
    schema: {
      input: z =>
        z.object({
          owner: z.string().optional().describe('Owner, such as team-a or group:default/team-a'),
          environment: z
            .string()
            .optional()
            .describe('Environment that a service was delivered to, such as production'),
          cluster: z.string().optional().describe('Name of a cluster in the portal'),
          state: z.enum(serviceStates).optional().describe('What the clusters have of it now'),
        }),
      output: z =>
        z.object({
          services: z.array(
            z.object({
              namespace: z.string(),
              name: z.string(),
              owner: z.string(),
              engine: z.string(),
              model: z.string(),
              url: z.string().optional().describe('Base address at the gateway'),
              state: z.enum(serviceStates),
              firingAlerts: z.number().optional().describe('Absent while nobody watches'),
              lastDelivery: z.object({ id: z.string(), verdict: z.string(), finishedAt: z.string() }),
            }),
          ),
        }),
    },
    action: async ({ input, credentials }) => {
      const { items } = await reading.ask('services', credentials, { parameters: {}, query: input });
      return { output: { services: items } };
    },
  });

  registry.register({
    name: 'get-service-state',
    title: 'Get the state of an inference service',
    description:
      'Says how an inference service is now: where it serves, which version has which share of the traffic, which pods are not ready and why, whether a release broke off.',
    attributes,
    schema: {
      input: z =>
        z.object({
          namespace: z.string().describe('Namespace in its clusters; often the name of the service'),
          service: z.string().describe('Name of the service'),
        }),
      output: z =>
        z.object({
          state: z.enum(serviceStates),
          objectives: z
            .object({ verdict: z.string(), reason: z.string() })
            .optional()
            .describe('What the last load test said of the objectives'),
          firingAlerts: z.number().optional(),
          deployments: z.array(
            z.object({
              cluster: z.string(),
              brokenOff: z.object({ holder: z.string(), since: z.string() }).optional(),
              versions: z.array(
                z.object({
                  revision: z.string(),
                  weight: z.number().optional().describe('Percent of the traffic'),
                  replicas: z.number(),
                  readyReplicas: z.number(),
                  state: z.string(),
                  cause: z.string().optional(),
                  pods: z.array(z.object({ name: z.string(), state: z.string(), reason: z.string().optional() })),
                }),
              ),
            }),
          ),
        }),
    },
    action: async ({ input: parameters, credentials }) => {
      const [{ state, objectives, firingAlerts }, { items }] = await Promise.all([
        reading.ask('service', credentials, { parameters, query: undefined }),
        reading.ask('deployments', credentials, { parameters: {}, query: parameters }),
      ]);
      return { output: { state, objectives, firingAlerts, deployments: items } };
    },
  });

  registry.register({
    name: 'list-deliveries',
    title: 'List deliveries of an inference service',
    description:
      'Lists the deliveries of a service, newest first, 50 at most: verdict, the stage that stopped it and why, commit, digest.',
    attributes,
    schema: {
      input: z =>
        z.object({
          service: z.string().describe('Name of the service'),
          namespace: z.string().optional().describe('Narrows it to one of the services that have the name'),
          before: z.string().optional().describe('A finishedAt to go on from'),
        }),
      output: z =>
        z.object({
          deliveries: z.array(
            z.object({
              id: z.string(),
              namespace: z.string().optional(),
              environment: z.string().optional(),
              verdict: z.string(),
              failedStage: z.string().optional(),
              reason: z.string(),
              commit: z.string().optional(),
              digest: z.string().optional(),
              startedAt: z.string(),
              finishedAt: z.string(),
            }),
          ),
        }),
    },
    action: async ({ input: { service, ...query }, credentials }) => {
      const { items } = await reading.ask('deliveries', credentials, { parameters: { service }, query });
      return { output: { deliveries: items } };
    },
  });

  registry.register({
    name: 'list-alerts',
    title: 'List alerts of inference services',
    description:
      'Lists the alerts that fire, of all services or of one. Without an Alertmanager that answers nobody watches, and no alert is no good news: see sources and unwatched.',
    attributes,
    schema: {
      input: z =>
        z.object({
          service: z.string().optional(),
          namespace: z.string().optional(),
          cluster: z.string().optional().describe('Name of a cluster in the portal'),
        }),
      output: z =>
        z.object({
          sources: z.array(z.object({ name: z.string(), clusters: z.array(z.string()), state: z.string() })),
          unwatched: z.array(z.string()).describe('Clusters without an Alertmanager'),
          alerts: z.array(
            z.object({
              name: z.string(),
              service: z.string().optional(),
              namespace: z.string().optional(),
              cluster: z.string().optional(),
              severity: z.string(),
              summary: z.string(),
              since: z.string(),
              state: z.string(),
              runbookUrl: z.string().optional(),
              acknowledged: z.object({ by: z.string(), at: z.string() }).optional(),
            }),
          ),
        }),
    },
    action: async ({ input: query, credentials }) => {
      const { items, sources, unwatched } = await reading.ask('alerts', credentials, { parameters: {}, query });
      return { output: { sources, unwatched, alerts: items } };
    },
  });
}
