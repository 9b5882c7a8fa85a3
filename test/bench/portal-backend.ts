/** The backend of the portal with nothing but Fairway in it, for `portal.ts`; takes Backstage's `--config FILE`. */
import { createBackend } from '@backstage/backend-defaults';

const backend = createBackend();
backend.add(import('@fairway/backstage-plugin-fairway-backend'));
await backend.start();
