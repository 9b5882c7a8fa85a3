import { tinyService } from '../../../../test/fixtures/service.ts';
import { pullToken } from './pull-token.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const auth = { jwt: { serviceAccountRef: { name: 'registry' } } };

function objectsFor(repository: string, more: object = { auth }) {
  const service = tinyService({ workload: { pullToken: more } });
  return pullToken(service, `${repository}@${digest}`, '1a2b3c4d')?.objects;
}

// names of registries: https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html and ecr-requests.html,
// https://docs.cloud.google.com/artifact-registry/docs/docker/names, https://learn.microsoft.com/azure/container-registry/container-registry-concepts
test.each([
  ['123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/hello', 'ECRAuthorizationToken', { region: 'eu-central-1' }],
  ['123456789012.dkr-ecr.us-east-1.on.aws/hello', 'ECRAuthorizationToken', { region: 'us-east-1' }],
  ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/hello', 'ECRAuthorizationToken', { region: 'us-gov-west-1' }],
  ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/hello', 'ECRAuthorizationToken', { region: 'cn-north-1' }],
  ['europe-west1-docker.pkg.dev/models/team/hello', 'GCRAccessToken', { projectID: 'models' }],
  ['eu.gcr.io/models/hello', 'GCRAccessToken', { projectID: 'models' }],
  ['models.azurecr.io/hello', 'ACRAccessToken', { registry: 'models.azurecr.io', environmentType: 'PublicCloud' }],
  ['models.azurecr.cn/hello', 'ACRAccessToken', { registry: 'models.azurecr.cn', environmentType: 'ChinaCloud' }],
])('a token of %s is made by an %s', (repository, kind, spec) => {
  expect(objectsFor(repository)?.[0]).toMatchObject({
    apiVersion: 'generators.external-secrets.io/v1alpha1',
    kind,
    metadata: { namespace: 'hello', name: 'hello-1a2b3c4d' },
    spec: { ...spec, auth },
  });
});

test.each(['ghcr.io/team/hello', '127.0.0.1:5000/hello', 'registry.example.com/123456789012.dkr.ecr/hello'])(
  'a login of %s does not end',
  repository => {
    expect(objectsFor(repository)).toBeUndefined();
  },
);

test('nothing renews a token where nobody asks for it', () => {
  expect(pullToken(tinyService(), `models.azurecr.io/hello@${digest}`, '1a2b3c4d')).toBeUndefined();
});

test('the generator has what fairway.yaml says of it, and the Secret the name of the registry that nodes ask', () => {
  const role = 'arn:aws:iam::123456789012:role/pull';
  const [generator, secret] = objectsFor('123456789012.dkr.ecr.eu-central-1.amazonaws.com/hello', { role }) ?? [];
  expect(generator?.['spec']).toEqual({ region: 'eu-central-1', auth: {}, role });
  expect(secret).toMatchObject({
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    spec: {
      target: { name: 'hello-1a2b3c4d' },
      dataFrom: [{ sourceRef: { generatorRef: { kind: 'ECRAuthorizationToken', name: 'hello-1a2b3c4d' } } }],
    },
  });
  const { target } = secret?.['spec'] as { target: { template: { type: string; data: Record<string, string> } } };
  expect(target.template.type).toBe('kubernetes.io/dockerconfigjson');
  // what the operator writes for the values that the generator gives
  const written = target.template.data['.dockerconfigjson']!.replace('{{ .username }}', 'AWS')
    .replace('{{ .password }}', 'token')
    .replace('{{ printf "%s:%s" .username .password | b64enc }}', 'QVdTOnRva2Vu');
  expect(JSON.parse(written)).toEqual({
    auths: {
      '123456789012.dkr.ecr.eu-central-1.amazonaws.com': { username: 'AWS', password: 'token', auth: 'QVdTOnRva2Vu' },
    },
  });
});
