import { engineProfile, flagName } from '@fairway/engines';
import { longestStreamSeconds } from '@fairway/service/longest-stream';
import type { ModelFacts, Problem, ServiceFile } from '@fairway/service';

/**
 * What does not stop a delivery and should be known.
 * @param version of the engine, where the Dockerfile tells it
 */
export function warnings(
  { service, place }: ServiceFile,
  model: ModelFacts,
  version: string | undefined,
  now: Date,
): Problem[] {
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
  const { drain } = engineProfile(service.engine.name);
  const given = service.engine.arguments.some(word => flagName(service.engine.name, word) === drain?.argument);
  const aborts: Problem[] =
    drain && !given && version !== undefined && atLeast(version, drain.since)
      ? [
          {
            message: `When a pod ends, ${service.engine.name} ${version} aborts the requests that run. Give it ${drain.argument} ${longestStreamSeconds(service)} in engine.arguments, so that it finishes them.`,
            at: place('engine'),
          },
        ]
      : [];
  return [...license, ...expired, ...aborts];
}

function atLeast(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
