import * as z from 'zod';
import { scheduleProblem } from './freeze.ts';
import { reasonOf } from './reasons/delivery-reason.ts';
import { broken, rule } from './rule.ts';
import { percentile, positiveWhole, text } from './schema-values.ts';

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

/** Seconds of a load test: a day. */
export const longestLoad = 86_400;

export const loadSchema = z
  .strictObject({
    requestsPerSecond: z.number().positive().max(100_000).default(2).describe('arrivals a second, on average'),
    maxSeconds: positiveWhole
      .max(longestLoad)
      .optional()
      .describe(
        'longest time that is measured; the load test ends as soon as every objective is decided. Default: as long as the objectives need at this rate, a day at most',
      ),
    seconds: positiveWhole.max(longestLoad).optional().describe('former name of `maxSeconds`'),
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
