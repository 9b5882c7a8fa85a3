import { permissions, summarize } from './permissions.ts';

test('missing permissions are said in as few phrases as they fit', () => {
  const missing = [
    ...permissions(['create', 'patch'], '', ['namespaces']),
    ...permissions(['get', 'create'], '', ['services', 'secrets'], 'llm'),
    ...permissions(['get', 'create'], 'apps', ['deployments'], 'llm'),
    ...permissions(['get'], '', ['pods/log'], 'llm'),
  ];
  expect(summarize(missing)).toEqual([
    'create, patch namespaces',
    'get, create services, secrets, deployments.apps in namespace llm',
    'get pods/log in namespace llm',
  ]);
});
