import { entityEnvelopeSchemaValidator } from '@backstage/catalog-model';
import { ownersAndSystems } from './owners-and-systems.ts';
import { serviceEntities } from './service-entities.ts';
import type { KnownService } from '../known-services.ts';

const delivered: KnownService = {
  name: 'hello-llm',
  namespace: 'hello',
  owner: 'group:default/team-hello',
  system: 'examples',
  clusters: ['production'],
  decommissioned: false,
  delivered: {
    engine: 'vllm',
    model: 'hello-tiny',
    url: 'https://llm.example.com/',
    projectSlug: 'team/hello-llm',
    repository: 'https://ghe.example.com/team/hello-llm',
    docs: 'https://ghe.example.com/team/hello-llm/tree/4f5e/services/hello',
  },
};

it('makes a component that provides a model server', () => {
  const [component, api] = serviceEntities(delivered);
  expect(component).toMatchObject({
    kind: 'Component',
    metadata: {
      name: 'hello-llm',
      namespace: 'hello',
      annotations: {
        'fairway.dev/service': 'hello-llm',
        'fairway.dev/namespace': 'hello',
        'backstage.io/kubernetes-id': 'hello-llm',
        'github.com/project-slug': 'team/hello-llm',
        'backstage.io/source-location': 'url:https://ghe.example.com/team/hello-llm/',
        'backstage.io/techdocs-ref': 'url:https://ghe.example.com/team/hello-llm/tree/4f5e/services/hello',
        'backstage.io/managed-by-location': 'fairway:hello/hello-llm',
        'backstage.io/managed-by-origin-location': 'fairway:hello/hello-llm',
      },
      links: [{ url: 'https://llm.example.com/' }, { url: 'https://ghe.example.com/team/hello-llm' }],
    },
    spec: {
      type: 'service',
      lifecycle: 'production',
      owner: 'group:default/team-hello',
      system: 'system:default/examples',
      providesApis: ['hello-llm'],
    },
  });
  expect(api).toMatchObject({
    kind: 'API',
    spec: {
      type: 'ai-model-server',
      serverType: 'openai-v1',
      serverUrl: 'https://llm.example.com/v1',
      models: { discoverable: true, available: ['hello-tiny'], default: 'hello-tiny' },
      definition: expect.stringContaining('https://llm.example.com/v1'),
    },
  });
});

it('names the project of a service that GitLab delivers', () => {
  const [component] = serviceEntities({
    ...delivered,
    delivered: {
      ...{ engine: 'vllm', model: 'hello-tiny', projectSlug: 'acme/llms/chat', repositoryAt: 'gitlab' },
      repository: 'https://gitlab.com/acme/llms/chat',
    },
  });
  expect(component?.metadata.annotations).toMatchObject({ 'gitlab.com/project-slug': 'acme/llms/chat' });
  expect(component?.metadata.annotations).not.toHaveProperty(['github.com/project-slug']);
  expect(component?.metadata.links).toEqual([{ url: 'https://gitlab.com/acme/llms/chat', title: 'Repository' }]);
});

it('makes no API before the service has an address', () => {
  const entities = serviceEntities({ ...delivered, delivered: { engine: 'vllm', model: 'hello-tiny' } });
  expect(entities.map(entity => entity.kind)).toEqual(['Component']);
  expect(entities[0]?.spec).not.toHaveProperty('providesApis');
});

it('says of a service that only runs what is known of it', () => {
  const [component, ...others] = serviceEntities({ ...delivered, delivered: undefined });
  expect(others).toEqual([]);
  expect(component?.metadata.description).toContain('never delivered through this portal');
});

it.each(['not an address', 'javascript:alert(1)', ''])('makes neither link nor API of the address "%s"', url => {
  const entities = serviceEntities({ ...delivered, delivered: { engine: 'vllm', model: 'hello-tiny', url } });
  expect(entities).toMatchObject([{ kind: 'Component', metadata: { links: [] } }]);
});

it('makes teams and systems once, and no users', () => {
  const services = [delivered, { ...delivered, name: 'other', owner: 'group:default/team-hello' }];
  const entities = ownersAndSystems([...services, { ...delivered, owner: 'user:default/jane', system: undefined }]);
  expect(entities.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'Group team-hello',
    'System examples',
  ]);
});

it('makes only what the catalog model takes', () => {
  const envelope = entityEnvelopeSchemaValidator();
  for (const entity of [...serviceEntities(delivered), ...ownersAndSystems([delivered])]) {
    expect(() => envelope(entity)).not.toThrow();
  }
});

it('shows a service that is gone from its clusters as such, without an API that nobody answers', () => {
  expect(serviceEntities({ ...delivered, clusters: [], decommissioned: true })).toMatchObject([
    {
      kind: 'Component',
      metadata: { tags: ['inference', 'vllm', 'decommissioned'] },
      spec: { lifecycle: 'deprecated' },
    },
  ]);
});

it('has services of one name in two namespaces as two, and the usual one under its name alone', () => {
  const usual = { ...delivered, namespace: 'hello-llm' };
  expect(
    [usual, delivered]
      .flatMap(serviceEntities)
      .map(({ kind, metadata }) => `${kind}:${metadata.namespace}/${metadata.name}`),
  ).toEqual([
    'Component:default/hello-llm',
    'API:default/hello-llm',
    'Component:hello/hello-llm',
    'API:hello/hello-llm',
  ]);
});
