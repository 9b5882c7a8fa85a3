import { coreServices, createBackendModule, createBackendPlugin } from '@backstage/backend-plugin-api';
import { type EntityProviderConnection, catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import {
  type ResponseOf,
  type ServiceSummary,
  fairwayEventsTopic,
  operations,
} from '@fairway/backstage-plugin-fairway-common';
import express from 'express';

type Deployments = ResponseOf<'deployments'>;

/** What the backend of the portal answers; `undefined` is a backend that fails. */
export const truth: { services?: ServiceSummary[]; deployments?: Deployments } = {};
export const asked: string[] = [];
let tell: () => Promise<void>;

export const fairwayBackend = createBackendPlugin({
  pluginId: 'fairway',
  register({ registerInit }) {
    registerInit({
      deps: { http: coreServices.httpRouter, httpAuth: coreServices.httpAuth, events: eventsServiceRef },
      async init({ http, httpAuth, events }) {
        tell = () => events.publish({ topic: fairwayEventsTopic, eventPayload: { id: 'one', service: 'hello-llm' } });
        const router = express.Router();
        const answer = (name: 'services' | 'deployments', content: () => object | undefined) =>
          router.get(operations[name].path, async (req, res) => {
            const { principal } = await httpAuth.credentials(req, { allow: ['service'] });
            asked.push(principal.subject);
            const body = content();
            if (body) res.json(body);
            else res.status(500).json({ error: { name: 'Error', message: 'the database is away' } });
          });
        answer('services', () => truth.services && { items: truth.services });
        answer('deployments', () => truth.deployments);
        http.use(router);
      },
    });
  },
});

/** An organisation that is registered by another provider. */
let connection: EntityProviderConnection;
export const organisationModule = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'organisation',
  register({ registerInit }) {
    registerInit({
      deps: { processing: catalogProcessingExtensionPoint },
      async init({ processing }) {
        processing.addEntityProvider({
          getProviderName: () => 'organisation',
          connect: async given => {
            connection = given;
          },
        });
      },
    });
  },
});

/** Tells what the backend tells when it has stored a delivery. */
export const publish = () => tell();

/** The connection by which that provider changes the catalog. */
export const organisation = (): EntityProviderConnection => connection;

export function summary(name: string, more: Partial<ServiceSummary> = {}): ServiceSummary {
  return {
    name,
    namespace: name,
    owner: 'team-hello',
    engine: 'llamacpp',
    model: 'hello-tiny',
    url: 'http://gateway.test',
    lastDelivery: { id: 'one', verdict: 'pass', finishedAt: '2026-11-25T10:00:00Z' },
    state: 'serving',
    places: [],
    firingAlerts: 0,
    ...more,
  };
}

export function running(service: string, state: 'live' | 'unreachable' = 'live'): Deployments {
  return {
    clusters: [{ name: 'local', state }],
    items: state === 'live' ? [{ cluster: 'local', namespace: 'shadows', service, versions: [] }] : [],
  };
}
