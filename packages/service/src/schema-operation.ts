import * as z from 'zod';
import { scheduleProblem } from './freeze.ts';
import {
  date,
  hostname,
  insideFolder,
  namespaceName,
  isScope,
  percentile,
  positiveWhole,
  roleName,
  scope,
  text,
} from './schema-values.ts';
import { type Reason, reasonOf } from './reasons/delivery-reason.ts';
import { broken, rule } from './rule.ts';

export const servingSchema = z
  .strictObject({
    contextLength: positiveWhole
      .min(16)
      .default(2048)
      .describe('tokens of prompt and answer together, for one sequence'),
    sequences: positiveWhole.max(4096).default(4).describe('sequences served at the same time by one pod'),
    port: z
      .number()
      .int()
      .min(1024)
      .max(65535)
      .default(8080)
      .describe('the port the engine listens on (pods run without root, so 1024 or higher)'),
  })
  .prefault({})
  .describe('how the engine serves');

export const startupSchema = z
  .strictObject({
    schedulingSeconds: positiveWhole
      .max(86_400)
      .default(600)
      .describe('how long a pod may wait for a node, such as one that an autoscaler adds; a queue does not count'),
    pullSeconds: positiveWhole
      .max(86_400)
      .default(1800)
      .describe('how long it may then take until the container of the engine starts: image, volumes, init containers'),
    seconds: positiveWhole
      .max(86_400)
      .optional()
      .describe(
        'how long the engine may then take to load the model and answer. Default: by engine, for a model of a few gigabytes (120 llamacpp, 300 transformers and fastchat, 600 the others)',
      ),
  })
  .prefault({})
  .describe('how long a pod may take to get ready, by what it waits for');

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
    limitsUnavailable: z
      .enum(['allow', 'deny'])
      .default('allow')
      .describe(
        'what happens to requests while nobody can count tokens, because Redis or the rate limit service is down',
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

/** Labels that Fairway's own rules, scrape configuration and queries give a meaning. */
const takenLabels = [
  ...['job', 'instance', 'namespace', 'pod', 'service', 'revision', 'users', 'le'],
  ...['alertname', 'alertstate', 'objective', 'owner', 'severity'],
];

export const monitoringSchema = z
  .strictObject({
    labels: z
      .record(
        z
          .string()
          .regex(/^(?!__)(?!exported_)(?!gen_ai_)[a-zA-Z_]\w{0,62}$/, rule(reasonOf('rule.prometheusLabel')))
          .refine(
            name => !takenLabels.includes(name),
            rule(reasonOf('rule.otherLabel', { labels: takenLabels.join(', ') })),
          ),
        z.string().regex(/^[A-Za-z0-9][\w./:@-]{0,127}$/, rule(reasonOf('rule.labelText'))),
      )
      .default({})
      .describe(
        'labels by which the store of the metrics tells this cluster from others, such as `cluster: prod-eu`: every query and rule asks for them, and everything that is recorded and every alert has them. Not needed where `prometheus-url` is a Prometheus of this cluster alone',
      ),
  })
  .describe('where the metrics of the service are');

const outside = /^(\.\.\/|\/)(.*[^/])?$/;
const inRepository = /^(?!\.)[\w.-]+(\/(?!\.)[\w.-]+)*$/;

export const applySchema = z
  .strictObject({
    by: z
      .enum(['gitops'])
      .describe('a controller in the cluster, such as Argo CD or Flux, that applies what is in the folder'),
    folder: text.describe(
      'the folder that `deploy`, `mesh` and `monitor` write their objects to, relative to the service folder: a checkout of what the controller reads; with `apply.repository` its path there',
    ),
    repository: z
      .string()
      .regex(/^[\w.-]+\/[\w.-]+$/, rule(reasonOf('rule.githubRepository')))
      .optional()
      .describe(
        'the repository that the controller reads, as owner/name at the GitHub that runs the delivery: the stages bring the change there',
      ),
    branch: z
      .string()
      .regex(/^[\w.-]+(\/[\w.-]+)*$/, rule(reasonOf('rule.branch')))
      .optional()
      .describe('the branch that the controller reads; default: that of the repository'),
    as: z
      .enum(['pull-request', 'commit'])
      .optional()
      .describe(
        'how the change comes to `apply.repository`: by one pull request that is brought up to date, or by commits of the branch; default `pull-request`',
      ),
    maxSeconds: positiveWhole
      .max(86_400)
      .default(900)
      .describe('how long a stage waits until the cluster has the objects, from its own writing on'),
  })
  .superRefine(({ folder, repository, branch, as }, issues) => {
    const wrong = (key: string, reason: Reason) => issues.addIssue({ code: 'custom', path: [key], ...broken(reason) });
    if (repository !== undefined) {
      if (!inRepository.test(folder)) wrong('folder', reasonOf('conflict.folderInRepository', { repository }));
      return;
    }
    if (!outside.test(folder)) wrong('folder', reasonOf('conflict.folderOutside'));
    for (const [key, given] of Object.entries({ branch, as }))
      if (given !== undefined) wrong(key, reasonOf('conflict.noRepository'));
  })
  .describe('who applies the objects; the stages themselves when absent');

export const scalingSchema = z
  .strictObject({
    by: z
      .enum(['keda', 'hpa'])
      .default('keda')
      .describe(
        'who sets the number: KEDA, or a HorizontalPodAutoscaler with the metrics of pods that an adapter of the cluster serves',
      ),
    min: z
      .number()
      .int()
      .min(0)
      .max(1000)
      .default(1)
      .describe('pods that a version with users has at least; with 0, by KEDA, it has none while nobody asks for it'),
    idleSeconds: positiveWhole
      .min(60)
      .max(86_400)
      .default(900)
      .describe('with `min: 0`, how long nobody asks before the last pod goes'),
    max: positiveWhole.max(1000).describe('pods that it has at most'),
    waiting: z
      .number()
      .positive()
      .max(10_000)
      .default(2)
      .describe('requests that may wait in the engine, a pod; with more there are more pods'),
    use: z
      .number()
      .min(1)
      .max(100)
      .default(80)
      .describe(
        'percent of the KV cache that may be in use, on average over the pods; of `serving.sequences` where the engine does not tell about its cache',
      ),
    prometheus: z
      .url({ protocol: /^https?$/, ...rule(reasonOf('rule.address')) })
      .optional()
      .describe(
        'Prometheus with the metrics of the engine, as KEDA reaches it, such as http://prometheus.monitoring:9090; with `by: keda`, which needs it',
      ),
  })
  .superRefine(({ by, min, max, prometheus }, issues) => {
    const wrong = (path: string, reason: Reason) =>
      issues.addIssue({ code: 'custom', path: [path], ...broken(reason, true) });
    if (min > max) wrong('max', reasonOf('conflict.belowMin', { min }));
    if (by === 'keda' && prometheus === undefined) wrong('prometheus', reasonOf('conflict.noPrometheus'));
    if (by === 'hpa' && prometheus !== undefined) wrong('prometheus', reasonOf('conflict.hpaPrometheus'));
    if (by === 'hpa' && min === 0) wrong('min', reasonOf('conflict.hpaZero'));
  })
  .describe(
    'lets KEDA, or a HorizontalPodAutoscaler, say how many pods a version has; without it that is `resources.replicas`, which is else the number that it starts with',
  );

export const severities = ['critical', 'high', 'medium', 'low'] as const;

export const scanSchema = z
  .strictObject({
    failOn: z
      .enum(severities)
      .default('high')
      .describe('fixable findings of this severity and above stop the delivery'),
    exceptions: z
      .array(
        z.strictObject({
          id: text.describe('the identifier of the finding, such as CVE-2026-1234'),
          aliases: z.array(text).optional().describe('other identifiers of it, such as GHSA-…'),
          package: text.optional().describe('the one package that is meant; default: every package with the finding'),
          owner: text.optional().describe('who answers for it'),
          reason: text.describe('why it is accepted'),
          until: date.describe('the last day of the exception'),
        }),
      )
      .default([])
      .describe('findings accepted for a time'),
    vex: z
      .array(insideFolder)
      .default([])
      .describe(
        'OpenVEX documents, relative to the service folder: what they say of the image or of a package is `not_affected` or `fixed` stops nothing',
      ),
    unknownPackages: z
      .array(
        z.strictObject({
          kind: text.describe('the kind of packages as the scan names it, such as python-pkg'),
          owner: text.optional().describe('who answers for it'),
          reason: text.describe('why it is accepted, such as where else they are scanned'),
          until: date.describe('the last day of the exception'),
        }),
      )
      .default([])
      .describe('kinds of packages about which the vulnerability database holds nothing, accepted for a time'),
  })
  .prefault({})
  .describe('what the security scan lets through');

function latency(milliseconds: number) {
  return z
    .strictObject({
      percentile: percentile.default(95).describe('the percentile of requests, 1 to 99.99'),
      milliseconds: z
        .number()
        .positive()
        .max(3_600_000)
        .default(milliseconds)
        .describe('the longest time at that percentile'),
    })
    .prefault({});
}

export const objectivesSchema = z
  .strictObject({
    availability: z
      .number()
      .min(50)
      .max(99.999)
      .default(99.5)
      .describe('percent of requests answered without a server error (100 leaves no error budget and is rejected)'),
    timeToFirstToken: latency(1500).describe('time to first token'),
    interTokenLatency: latency(250).describe('the gaps between the tokens of one answer'),
    goodput: z
      .number()
      .min(1)
      .max(99.999)
      .default(95)
      .describe('percent of requests that meet both latency objectives (100 leaves no error budget and is rejected)'),
    confidence: z
      .number()
      .min(95)
      .max(99.99)
      .default(95)
      .describe('percent of verdicts on a service at the limit of an objective that are not a wrong pass'),
  })
  .prefault({})
  .describe('what the service promises: recording rules, alerts, the load test and the release gate are made from it');

export const loadSchema = z
  .strictObject({
    requestsPerSecond: z.number().positive().max(100_000).default(2).describe('arrivals a second, on average'),
    maxSeconds: positiveWhole
      .max(86_400)
      .optional()
      .describe(
        'longest time that is measured; the load test ends as soon as every objective is decided. Default: as long as the objectives need at this rate',
      ),
    seconds: positiveWhole.max(86_400).optional().describe('former name of `maxSeconds`'),
    promptTokens: positiveWhole.default(32).describe('tokens of a prompt, about'),
    outputTokens: positiveWhole.default(16).describe('tokens of an answer, at most'),
  })
  .superRefine((load, issues) => {
    if (load.seconds === undefined || load.maxSeconds === undefined) return;
    issues.addIssue({
      code: 'custom',
      path: ['seconds'],
      ...broken(reasonOf('conflict.formerName')),
    });
  })
  .transform(({ seconds, ...load }) => ({ ...load, maxSeconds: load.maxSeconds ?? seconds }))
  .prefault({})
  .describe('the load that the objectives are judged under');

const freezeSchema = z
  .strictObject({
    schedule: z.string().describe('when it begins, as minute, hour, day, month and day of the week (cron)'),
    hours: positiveWhole.max(24 * 366).describe('how long it lasts'),
    timeZone: z.string().default('UTC').describe('IANA time zone of the schedule, such as Europe/Berlin'),
    reason: text.describe('why, for those who want to release'),
  })
  .superRefine(({ schedule, timeZone }, issues) => {
    const problem = scheduleProblem(schedule, timeZone);
    if (problem)
      issues.addIssue({
        code: 'custom',
        path: ['schedule'],
        ...broken(reasonOf('conflict.schedule', { words: problem })),
      });
  });

const addressAllowed = rule(reasonOf('rule.repository'));
const provenanceSchema = z
  .strictObject({
    repository: z
      .string()
      .regex(/^https:\/\/[^/\s]+\/[^/\s]+\/[^/\s]+$/, addressAllowed)
      .describe('address of the repository whose commit the image was made of'),
    refs: z
      .array(z.string().regex(/^refs\/\S+$/, rule(reasonOf('rule.ref'))))
      .min(1)
      .optional()
      .describe(
        'the branches and tags that a workflow may deliver from, such as refs/heads/main or refs/tags/v*, where `*` stands for any characters; all when absent',
      ),
    builder: z
      .string()
      .regex(/^https:\/\/\S+$/, rule(reasonOf('rule.workflow')))
      .optional()
      .describe(
        'address of the workflow that makes the image, in any version where nothing follows behind an `@`; every one when absent',
      ),
  })
  .describe(
    'what the signed provenance of the image in the registry must say; when absent, a workflow of GitHub releases only what its own repository made',
  );

export const releaseSchema = z
  .strictObject({
    steps: z
      .array(
        z.strictObject({
          weight: z.number().int().min(1).max(100).describe('percent of the traffic that the new version gets'),
          seconds: z.number().int().min(0).max(86_400).describe('how long the step is watched at least'),
          maxSeconds: positiveWhole
            .max(86_400)
            .default(600)
            .describe('how long it is watched at most until every objective is decided'),
        }),
      )
      .min(1)
      .default([
        { weight: 25, seconds: 5, maxSeconds: 600 },
        { weight: 100, seconds: 5, maxSeconds: 600 },
      ])
      .superRefine((steps, issues) => {
        for (const [index, step] of steps.entries()) {
          const before = steps[index - 1];
          if (before && step.weight <= before.weight) {
            issues.addIssue({
              code: 'custom',
              path: [index, 'weight'],
              ...broken(reasonOf('conflict.weight', { weight: before.weight })),
            });
          }
        }
        const last = steps.at(-1);
        if (last && last.weight !== 100) {
          issues.addIssue({
            code: 'custom',
            path: [steps.length - 1, 'weight'],
            ...broken(reasonOf('conflict.lastWeight')),
          });
        }
      })
      .describe('the steps by which traffic moves to the new version'),
    undecided: z
      .enum(['back', 'stay'])
      .default('back')
      .describe('what happens to the traffic when a step ends without a decision'),
    slowdown: z
      .number()
      .min(1.1)
      .max(100)
      .default(2)
      .describe(
        'how many times as slow as the version that serves a new one may be, at the percentile of each latency objective and within it; judged where users asked and the engine has histograms',
      ),
    surge: z
      .number()
      .int()
      .min(0)
      .max(1000)
      .optional()
      .describe(
        'pods that a release may run beyond `resources.replicas`; with fewer than those, pods are replaced one after another, and with 0 one pod less serves during a release (2 replicas or more). Default: as many as `resources.replicas`',
      ),
    keep: z
      .number()
      .int()
      .min(0)
      .max(1440)
      .optional()
      .describe(
        'minutes for which the previous version stays ready to take the traffic back. Default: 15; always 0 where `surge` is less than `resources.replicas`, because it would hold the GPUs',
      ),
    brokenOff: z
      .enum(['back', 'stay'])
      .default('back')
      .describe(
        'what happens to the traffic when whoever releases dies in a step, where a guard can run in the cluster',
      ),
    provenance: provenanceSchema.optional(),
    freeze: z
      .array(freezeSchema)
      .default([])
      .describe('times at which no release begins; going back is always possible'),
  })
  .prefault({})
  .describe('how a version is released');
