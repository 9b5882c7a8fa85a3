import type { JSX } from 'react';
import { createFrontendPlugin, PageBlueprint } from '@backstage/frontend-plugin-api';
import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { fairwayApiRef } from '../client/fairway-api.ts';
import fairwayPlugin from '../index.ts';
import { FakeFairway, type Answers } from './fake-fairway.ts';
import { FakeSignals } from './fake-signals.ts';

/** Shows a view as a page of a portal in a language, as its translation API loads it. */
export function renderInLanguage(language: string, view: JSX.Element, answers: Answers, query = ''): void {
  localStorage.setItem('language', language);
  const page = PageBlueprint.make({ params: { path: '/shown', loader: async () => view } });
  renderTestApp({
    features: [fairwayPlugin, createFrontendPlugin({ pluginId: 'shown', extensions: [page] })],
    initialRouteEntries: [`/shown${query}`],
    mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    apis: [
      [fairwayApiRef, new FakeFairway(answers)],
      [signalApiRef, new FakeSignals()],
      [permissionApiRef, mockApis.permission()],
    ],
    config: { app: { extensions: [{ 'api:app/app-language': { config: { availableLanguages: ['en', 'zh'] } } }] } },
  });
}
