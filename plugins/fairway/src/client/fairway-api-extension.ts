import { ApiBlueprint, discoveryApiRef, fetchApiRef } from '@backstage/frontend-plugin-api';
import { fairwayApiRef } from './fairway-api.ts';
import { FairwayClient } from './fairway-client.ts';

export const fairwayApi = ApiBlueprint.make({
  params: define =>
    define({
      api: fairwayApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: access => new FairwayClient(access),
    }),
});
