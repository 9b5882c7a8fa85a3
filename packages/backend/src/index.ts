import { createBackend } from '@backstage/backend-defaults';
import { backstageFeature } from './backstage-feature.ts';

const backend = createBackend();

for (const feature of [
  backstageFeature(import('@backstage/plugin-app-backend')),
  backstageFeature(import('@backstage/plugin-auth-backend')),
  backstageFeature(import('@backstage/plugin-catalog-backend')),
  backstageFeature(import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model')),
  import('./database/database-factory.ts'),
  // carries signals between replicas
  backstageFeature(import('@backstage/plugin-events-backend')),
  backstageFeature(import('@backstage/plugin-notifications-backend')),
  backstageFeature(import('@backstage/plugin-permission-backend')),
  backstageFeature(import('@backstage/plugin-scaffolder-backend')),
  backstageFeature(import('@backstage/plugin-scaffolder-backend-module-github')),
  backstageFeature(import('@backstage/plugin-scaffolder-backend-module-gitlab')),
  backstageFeature(import('@backstage/plugin-search-backend')),
  backstageFeature(import('@backstage/plugin-search-backend-module-catalog')),
  backstageFeature(import('@backstage/plugin-signals-backend')),
  backstageFeature(import('@backstage/plugin-user-settings-backend')),
  import('./notifications/channels-feature.ts'),
  import('./sign-in/sign-in-feature.ts'),
  import('./permissions/permission-module.ts'),
  import('@fairway/backstage-plugin-fairway-backend'),
  import('./releases/rollback-module.ts'),
  import('@fairway/backstage-plugin-catalog-backend-module-fairway'),
  import('@fairway/backstage-plugin-scaffolder-backend-module-fairway'),
])
  backend.add(feature);

await backend.start();
