import { createApiRef } from '@backstage/frontend-plugin-api';
import type { Operations, ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import type { RequestOf } from './request.ts';

/** The backend of Fairway, one call for each of its operations. @public */
export interface FairwayApi {
  call<Name extends keyof Operations>(name: Name, request: RequestOf<Name>): Promise<ResponseOf<Name>>;
}

/** Where the pages find the backend of Fairway. @public */
export const fairwayApiRef = createApiRef<FairwayApi>({ id: 'plugin.fairway.client' });
