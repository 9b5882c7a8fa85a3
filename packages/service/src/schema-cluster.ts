import * as z from 'zod';
import { type Reason, reasonOf } from './reasons/delivery-reason.ts';
import { broken, rule } from './rule.ts';
import { positiveWhole, text } from './schema-values.ts';

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
