import type { InputSpecs } from './inputs.ts';

/** Inputs by which a stage is let in by Prometheus, or by what answers in its place: Thanos, Mimir, a proxy. */
export const prometheusLoginInputs = {
  'prometheus-token': {
    type: 'secret',
    description:
      'Bearer token for Prometheus. A user and a password are part of prometheus-url: https://user:password@host.',
    keyed: false,
  },
  'prometheus-token-file': {
    type: 'string',
    description:
      'File with the bearer token, in the place of prometheus-token; read for each request, since whoever made it renews it.',
    keyed: false,
  },
  'prometheus-token-command': {
    type: 'string',
    description:
      'Command for sh that prints the bearer token, in the place of prometheus-token, such as gcloud auth print-access-token; run again every five minutes.',
    keyed: false,
  },
  'prometheus-aws-region': {
    type: 'string',
    description:
      'AWS region of an Amazon managed Prometheus, such as eu-central-1: requests are then signed with the credentials that the tools of AWS itself would use.',
    keyed: false,
  },
  'prometheus-tenant': {
    type: 'string',
    description: 'Tenant that Mimir, Cortex or Thanos is asked for (X-Scope-OrgID).',
    keyed: false,
  },
  'prometheus-client-certificate': {
    type: 'secret',
    description: 'Certificate by which Prometheus knows this side, and its private key, both as PEM in one text.',
    keyed: false,
  },
  'prometheus-ca': {
    type: 'string',
    description: 'Certificates (PEM) of the authority that vouches for Prometheus; default: those that Node trusts.',
    keyed: false,
  },
} as const satisfies InputSpecs;
