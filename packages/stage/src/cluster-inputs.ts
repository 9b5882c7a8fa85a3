import type { InputSpecs } from './inputs.ts';

/** Inputs by which a stage reaches a cluster. The context is always named: the current one may be any cluster. */
export const clusterInputs = {
  kubeconfig: {
    type: 'string',
    description: 'Path of the kubeconfig.',
    environment: 'KUBECONFIG',
    keyed: false,
  },
  context: {
    type: 'string',
    required: true,
    description: 'Context of the kubeconfig; always named, never the current one.',
  },
} as const satisfies InputSpecs;

/** Input for services that have no pods while nobody asks for them. */
export const activatorInputs = {
  'activator-image': {
    type: 'string',
    keyed: false,
    description: 'Image of services/activator; needed for a service with `scaling.min: 0` in fairway.yaml.',
  },
} as const satisfies InputSpecs;

/** Input for services whose pods pull or verify their model themselves. The pods have it, so that another one is another version. */
export const weightsInputs = {
  'weights-image': {
    type: 'string',
    description:
      'Image of services/weights; needed where pods pull or verify their model: `model.weights` of fairway.yaml with `pull: init`, `from: bucket` or `hashes`.',
  },
} as const satisfies InputSpecs;

/** Input by which a stage writes to the repository of `apply`. */
export const gitopsInputs = {
  'gitops-token': {
    type: 'secret',
    keyed: false,
    description:
      'Token that may write contents and pull requests of `apply.repository`, of a GitHub App or a fine-grained one; not needed without that key in fairway.yaml.',
  },
} as const satisfies InputSpecs;

/** Inputs by which a stage gets access tokens for requests through the gateway. */
export const tokenInputs = {
  'token-url': {
    type: 'string',
    description: "The issuer's token endpoint, for the stage's own requests through the gateway.",
    keyed: false,
  },
  'client-id': {
    type: 'string',
    description: 'OAuth client that may ask for the chat and the models scope by the client-credentials grant.',
    keyed: false,
  },
  'client-secret': { type: 'secret', description: 'Secret of that client.' },
  audience: {
    type: 'string',
    description: 'Audience for which tokens are asked; issuers such as Auth0 want it named.',
    keyed: false,
  },
  'token-scope': {
    type: 'string',
    description: "Scope that is asked for in place of those of `access`, such as Entra's api://inference/.default.",
    keyed: false,
  },
} as const satisfies InputSpecs;

/** Inputs by which a stage knows the mesh of the cluster, for services that ask for one. */
export const meshInputs = {
  'gateway-principal': {
    type: 'string',
    description:
      'Identity of the gateway in the mesh, as trust-domain/ns/namespace/sa/service-account; required for a service with `mesh` in fairway.yaml.',
  },
  'istio-revision': { type: 'string', description: "Revision of Istio's control plane; default: the default one." },
  'istio-interception': {
    type: 'string',
    default: 'none',
    description:
      '`none`, or `redirect` in a cluster with istio-cni: whether connections of the pods are redirected to their proxy; `ambient` for pods without one, whose connections the proxy of the node takes.',
  },
  'metrics-principal': {
    type: 'string',
    description:
      'Identity of Prometheus in the mesh, as trust-domain/ns/namespace/sa/service-account, with `istio-interception: ambient`, where it reads the metrics at the port of the engine.',
  },
} as const satisfies InputSpecs;
