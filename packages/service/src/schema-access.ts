import * as z from 'zod';
import { reasonOf } from './reasons/delivery-reason.ts';
import { broken, rule } from './rule.ts';
import { hostname, namespaceName, isScope, positiveWhole, roleName, scope, text } from './schema-values.ts';

export const operations = ['chat', 'completions', 'embeddings', 'responses', 'models'] as const;

/** What a client may do: ask a model in one of the ways of the OpenAI API, or list the models. */
export type Operation = (typeof operations)[number];

const claim = z
  .string()
  .max(128)
  .regex(/^\w[\w:-]*(\.\w[\w:-]*)*$/, rule(reasonOf('rule.claim')))
  .refine(name => !/^urn:zitadel:.*:roles$/.test(name), rule(reasonOf('rule.claimValue')))
  .refine(name => !/^kubernetes\.io(\.|$)/.test(name), rule(reasonOf('rule.claimDot')));

const roleSchema = z
  .strictObject({
    name: roleName.describe('the value in the token: a scope, or one of the claims that `access.claims` names'),
    operations: z
      .array(z.enum(operations))
      .min(1)
      .default(['chat', 'completions', 'embeddings', 'responses', 'models'])
      .describe('what it allows with the model of this service'),
  })
  .describe('a role');

/** The names of roles that nothing can hold: a scope has no space, and no claim is named. */
function checkRoleNames(
  { roles, claims }: { readonly roles: readonly { readonly name: string }[]; readonly claims: readonly string[] },
  issues: z.RefinementCtx,
): void {
  for (const [index, { name }] of roles.entries()) {
    if (claims.length > 0 || isScope(name)) continue;
    issues.addIssue({
      code: 'custom',
      path: ['roles', index, 'name'],
      ...broken(reasonOf('conflict.noScope')),
    });
  }
}

// Envoy's rate limit service counts in 32 bits
const tokenLimit = positiveWhole.max(4_294_967_295);

export const accessSchema = z
  .strictObject({
    chatScope: scope.default('llm:chat').describe('OAuth scope that may ask the model and list it'),
    modelsScope: scope.default('llm:read').describe('OAuth scope that may only list models'),
    claims: z
      .array(claim)
      .max(8)
      .default([])
      .describe(
        'claims of the token, beside its scopes (scope, scp), in which these rights are looked for: roles, groups, permissions, cognito:groups; dots lead into objects, realm_access.roles',
      ),
    roles: z
      .array(roleSchema)
      .max(16)
      .default([])
      .superRefine((roles, issues) => {
        for (const [index, role] of roles.entries()) {
          if (roles.findIndex(({ name }) => name === role.name) === index) continue;
          issues.addIssue({
            code: 'custom',
            path: [index, 'name'],
            ...broken(reasonOf('conflict.roleTwice')),
          });
        }
      })
      .describe('roles that allow a part of what chatScope allows, beside the two scopes'),
    hostname: hostname
      .optional()
      .describe(
        'the host name of the route; every host of the gateway when absent. Services with different models can share one',
      ),
    requestsPerMinute: positiveWhole.default(600).describe('requests a minute that one token subject may send'),
    tokensPerMinute: tokenLimit
      .optional()
      .describe('tokens of prompts and answers a minute of one token subject with this model; no limit when absent'),
    tokensPerDay: tokenLimit.optional().describe('the same a day'),
    concurrentRequests: positiveWhole
      .max(1_000_000)
      .optional()
      .describe('requests that one token subject may have running with this model; no limit when absent'),
    limitsUnavailable: z
      .enum(['allow', 'deny'])
      .default('allow')
      .describe(
        'what happens to requests while nobody can count tokens or running requests, because Redis or who counts is down',
      ),
    maxRequestBytes: z
      .number()
      .int()
      .min(1024)
      .max(104_857_600)
      .default(1_048_576)
      .describe('largest request body, in bytes; the firewall takes 8388608 at most'),
  })
  .superRefine(checkRoleNames)
  .prefault({})
  .describe('who may use the service and how much');

export const cacheSchema = z
  .strictObject({
    ttl: positiveWhole.max(2_592_000).default(3600).describe('seconds that an answer is stored'),
    maxBytes: positiveWhole.max(16_777_216).default(1_048_576).describe('largest answer that is stored, in bytes'),
  })
  .describe(
    'answers of deterministic requests (temperature 0, or a seed) are given again to the same client from Redis; off when absent',
  );

export const meshSchema = z
  .strictObject({
    mtls: z
      .enum(['istio'])
      .describe(
        'who gives the gateway and the pods their certificates: the engine listens on the loopback of its pod, and beside it a proxy of the mesh takes requests of the gateway alone; in a mesh without sidecars (`istio-interception: ambient`) the proxy of the node does',
      ),
  })
  .describe('mutual TLS between the gateway and the pods, and a NetworkPolicy behind it; plain text when absent');

export const networkSchema = z
  .strictObject({
    from: z.enum(['gateway']).describe('whose pods may connect to the pods of the service: those of its gateway'),
    namespaces: z
      .array(namespaceName)
      .max(16)
      .default(['fairway-monitoring', 'kube-system'])
      .describe(
        'namespaces whose pods may too: that of Prometheus, and that of the agents by which the API server of many clusters reaches pods, which a release needs to see streams end',
      ),
    addresses: z
      .array(z.union([z.cidrv4(), z.cidrv6()], rule(reasonOf('rule.cidr'))))
      .max(16)
      .default([])
      .describe(
        'addresses that may too, such as 10.0.0.0/28: of API servers that reach pods without an agent (Amazon EKS), or of a Prometheus outside of the cluster',
      ),
  })
  .describe(
    'a NetworkPolicy that keeps other pods away from the engine; any pod of the cluster may connect when absent. With `mesh` there is one already',
  );

export const gatewaySchema = z
  .strictObject({
    own: text.describe(
      'the gateway of the team that stands before the pods, and what it does for them, such as "Kong checks tokens and limits clients": it sends users to port 80 of the Service that is named after the service',
    ),
  })
  .describe(
    'who stands before the pods; the gateway that `mesh` puts there when absent. With `own`, `mesh` is skipped, and the shares of a release follow the number of pods, because nobody weighs',
  );
