import type { InputValues } from '@fairway/stage';
import { clusterInputs, tokenInputs } from '@fairway/stage/cluster-inputs';
import { registryLoginInputs, signerInputs } from '@fairway/stage/image-inputs';
import { prometheusLoginInputs } from '@fairway/stage/prometheus-inputs';

export const releaseInputs = {
  ...clusterInputs,
  revision: { type: 'string', required: true, from: ['deploy.revision'], description: 'Version that is released.' },
  image: {
    type: 'string',
    required: true,
    from: ['push.reference'],
    description: 'Its image as registry/repository@sha256:…',
  },
  'registry-username': {
    type: 'string',
    keyed: false,
    description:
      "User that may read the registry. Default: what `docker login` left in Docker's configuration, helpers included.",
  },
  'registry-password': { type: 'secret', description: 'Password of that user.' },
  'docker-config': registryLoginInputs['docker-config'],
  ...signerInputs,
  url: {
    type: 'string',
    from: ['mesh.url'],
    description: 'Base address of the service at the gateway; not needed with `gateway.own`.',
  },
  ...tokenInputs,
  'prometheus-url': {
    type: 'string',
    keyed: false,
    description:
      'Address at which Prometheus answers from here. With it the users of the new version are judged; without it only requests made by the release.',
  },
  ...prometheusLoginInputs,
  'guard-image': {
    type: 'string',
    keyed: false,
    description:
      'Image of services/release-guard. With it a Job in the cluster gives the users back to the version before when this run dies (release.brokenOff).',
  },
  'github-token': {
    type: 'secret',
    description: 'Token with deployments: write; with it the release is recorded as a GitHub Deployment.',
  },
  repository: {
    type: 'string',
    environment: 'GITHUB_REPOSITORY',
    keyed: false,
    description: 'GitHub repository as owner/name.',
  },
  'during-freeze': {
    type: 'boolean',
    default: false,
    keyed: false,
    description: 'Release although release.freeze of fairway.yaml says that nobody does now.',
  },
  environment: {
    type: 'string',
    default: 'production',
    environment: 'FAIRWAY_ENVIRONMENT',
    keyed: false,
    description: 'GitHub environment that is released to.',
  },
} as const;

export type ReleaseInputs = InputValues<typeof releaseInputs>;
