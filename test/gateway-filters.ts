import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseManifest } from '@fairway/platform/serving/manifests';
import { platformTemplate } from '@fairway/platform/serving/overlay';
import { parseServiceReference } from '@fairway/targets/gateway/references';
import { securityPolicies } from '@fairway/targets/gateway/envoy/security';
import { tinyService } from './fixtures/service.ts';

/** What a gateway of the platform folder gives Envoy, read from the objects of its control plane. */
export interface GatewayFilters {
  /** The filters that are the platform's own, by name. */
  readonly own: Readonly<Record<string, object>>;
  /** What is done to headers before anything else. */
  readonly early: readonly object[];
  /** Fields of a line of the access log. */
  readonly accessLog: object;
  /** What stands in the place of Envoy's own answers. */
  readonly replies: object;
  readonly claimToHeaders: readonly object[];
  /** The name under which the claims of a verified token are found. */
  readonly payload: string;
}

export const gateways: Readonly<Record<string, () => Promise<GatewayFilters>>> = {
  'Envoy Gateway': ofEnvoyGateway,
  Istio: ofIstio,
};

export const typed = (name: string, type: string, more: object) => ({
  name,
  typed_config: { '@type': `type.googleapis.com/envoy.${type}`, ...more },
});

/** The filter that verifies tokens, as both control planes make it. */
export function tokenFilter(
  { payload, claimToHeaders }: GatewayFilters,
  tokens: { readonly issuer: string; readonly jwks: string },
  requires: object = { provider_name: 'issuer' },
) {
  return typed('envoy.filters.http.jwt_authn', 'extensions.filters.http.jwt_authn.v3.JwtAuthentication', {
    providers: {
      issuer: {
        issuer: tokens.issuer,
        local_jwks: { inline_string: tokens.jwks },
        payload_in_metadata: payload,
        claim_to_headers: claimToHeaders,
      },
    },
    rules: [{ match: { prefix: '/' }, requires }],
  });
}

interface Filter {
  readonly name?: string;
}

async function ofEnvoyGateway(): Promise<GatewayFilters> {
  const specs = await specsOf('gateway');
  interface Spec {
    readonly jsonPatches: readonly { readonly operation: { readonly path?: string; readonly value?: Filter } }[];
    readonly headers: { readonly earlyRequestHeaders: { readonly remove: readonly string[] } };
    readonly telemetry: { accessLog: { settings: readonly { format: { json: object } }[] } };
  }
  const patches = specs<Spec>('EnvoyPatchPolicy').flatMap(({ jsonPatches }) => jsonPatches);
  const { remove } = specs<Spec>('ClientTrafficPolicy')[0]!.headers.earlyRequestHeaders;
  const access = {
    issuer: 'https://issuer.example',
    jwksUrl: 'https://issuer.example/jwks',
    waf: parseServiceReference('waf-service', 'fairway-system/waf:9003'),
  };
  const { jwt } = securityPolicies(tinyService({}), access)[0]!.spec as {
    jwt: { providers: readonly { name: string; claimToHeaders: readonly { claim: string; header: string }[] }[] };
  };
  const [provider] = jwt.providers;
  return {
    own: byName(patches.map(({ operation }) => operation.value)),
    early: [
      typed('own_headers', 'extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation', {
        mutations: remove.map(header => ({ remove: header })),
      }),
    ],
    accessLog: specs<Spec>('EnvoyProxy')[0]!.telemetry.accessLog.settings[0]!.format.json,
    replies: patches.find(({ operation }) => operation.path === '/local_reply_config')!.operation.value!,
    claimToHeaders: provider!.claimToHeaders.map(toHeader),
    payload: provider!.name,
  };
}

async function ofIstio(): Promise<GatewayFilters> {
  const specs = await specsOf('istio-gateway');
  interface Connection extends Filter {
    readonly typed_config: {
      readonly early_header_mutation_extensions: readonly object[];
      readonly local_reply_config: object;
      readonly access_log: readonly { typed_config: { log_format: { json_format: object } } }[];
    };
  }
  interface Spec {
    readonly configPatches: readonly { readonly applyTo: string; readonly patch: { readonly value?: Filter } }[];
    readonly jwtRules: readonly { outputClaimToHeaders: readonly { claim: string; header: string }[] }[];
  }
  const patches = specs<Spec>('EnvoyFilter').flatMap(({ configPatches }) => configPatches);
  const connection = patches.find(({ applyTo }) => applyTo === 'NETWORK_FILTER')!.patch.value as Connection;
  return {
    own: byName(patches.map(({ patch }) => patch.value)),
    early: connection.typed_config.early_header_mutation_extensions,
    replies: connection.typed_config.local_reply_config,
    accessLog: connection.typed_config.access_log[0]!.typed_config.log_format.json_format,
    claimToHeaders: specs<Spec>('RequestAuthentication')[0]!.jwtRules[0]!.outputClaimToHeaders.map(toHeader),
    // Istio's own name for it
    payload: 'payload',
  };
}

async function specsOf(part: string): Promise<<Spec>(kind: string) => readonly Spec[]> {
  const file = join(platformTemplate, 'parts', part, 'gateway.yaml');
  const objects = parseManifest(await readFile(file, 'utf8'), file);
  return <Spec>(kind: string) => objects.filter(object => object.kind === kind).map(({ spec }) => spec as Spec);
}

function byName(values: readonly (Filter | undefined)[]): Readonly<Record<string, object>> {
  return Object.fromEntries(values.flatMap(value => (value?.name ? [[value.name, value]] : [])));
}

const toHeader = ({ claim, header }: { claim: string; header: string }) => ({ claim_name: claim, header_name: header });
