import { renderInTestApp, mockApis } from '@backstage/frontend-test-utils';
import { EntityProvider, entityRouteRef } from '@backstage/plugin-catalog-react';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { serviceAnnotation } from '@fairway/backstage-plugin-fairway-common';
import type { JSX } from 'react';
import { SWRConfig } from 'swr';
import { fairwayApiRef } from '../client/fairway-api.ts';
import { FakeFairway } from './fake-fairway.ts';
import type { Answers } from './fake-fairway.ts';
import { FakeSignals } from './fake-signals.ts';

interface RenderOptions {
  /** Permissions that the reader does not have. */
  readonly denied?: readonly string[];
  /** Path and query of the page. */
  readonly address?: string;
}

/** Renders a view in a portal whose backend gives these answers. */
export function renderView(view: JSX.Element, answers: Answers, { denied = [], address = '/' }: RenderOptions = {}) {
  const fairway = new FakeFairway(answers);
  const signals = new FakeSignals();
  const permissions = mockApis.permission({
    authorize: ({ permission }) => (denied.includes(permission.name) ? AuthorizeResult.DENY : AuthorizeResult.ALLOW),
  });
  // permissions are remembered between views; each test begins without memory
  const fresh = <SWRConfig value={{ provider: () => new Map() }}>{view}</SWRConfig>;
  const rendered = renderInTestApp(fresh, {
    initialRouteEntries: [address],
    mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    apis: [
      [fairwayApiRef, fairway],
      [signalApiRef, signals],
      [permissionApiRef, permissions],
    ],
  });
  return { ...rendered, fairway, signals };
}

/** Puts a view on the page of the component hello-llm. */
export function onEntity(
  view: JSX.Element,
  annotations: Record<string, string> = { [serviceAnnotation]: 'hello-llm' },
) {
  const entity = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'hello-llm', annotations },
    spec: { type: 'service', lifecycle: 'production', owner: 'team-hello' },
  };
  return <EntityProvider entity={entity}>{view}</EntityProvider>;
}
