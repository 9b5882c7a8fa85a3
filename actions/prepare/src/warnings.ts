import type { ModelFacts, Problem, ServiceFile } from '@fairway/service';
import { freezeAt } from '@fairway/service/freeze';

/** What does not stop a delivery and should be known. */
export function warnings({ service, place }: ServiceFile, model: ModelFacts, now: Date): Problem[] {
  const today = now.toISOString().slice(0, 10);
  const license: Problem[] = model.license
    ? []
    : [
        {
          message:
            'The licence of the model is unknown: neither fairway.yaml nor the model tells. Write it as model.license after reading it.',
          at: place('model'),
        },
      ];
  const expired = service.scan.exceptions.flatMap((exception, index) =>
    exception.until < today
      ? [
          {
            message: `The exception for ${exception.id} ended on ${exception.until} and no longer counts. Fix the finding, or decide again.`,
            at: place('scan', 'exceptions', index),
          },
        ]
      : [],
  );
  const freeze = freezeAt(service.release, now);
  const frozen: Problem[] = freeze
    ? [
        {
          message: `Nobody releases until ${freeze.until.toISOString()} (${freeze.reason}): this delivery will stop before its release.`,
          at: place('release', 'freeze'),
        },
      ]
    : [];
  return [...license, ...expired, ...frozen];
}
