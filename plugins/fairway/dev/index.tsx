import { createDevApp } from '@backstage/frontend-dev-utils';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { fairwayApiRef } from '../src/client/fairway-api.ts';
import { fairwayPlugin } from '../src/plugin.tsx';
import { FakeFairway } from '../src/testing/fake-fairway.ts';
import { helloAnswers } from './hello-answers.ts';

// the pages with one made-up service, without a backend: npm start -w @fairway/backstage-plugin-fairway
const answering = fairwayPlugin.getExtension('api:fairway').override({
  params: define => define({ api: fairwayApiRef, deps: {}, factory: () => new FakeFairway(helloAnswers) }),
});

// pages lead to the entities of the catalog, whose pages need a backend
createDevApp({ features: [catalogPlugin, fairwayPlugin.withOverrides({ extensions: [answering] })] });
