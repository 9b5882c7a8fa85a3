import type { GivenInputs } from '@fairway/stage';

/** The inputs of `prepare` where the local platform is not up. Of these images it asks only whether they are given, and the platform has them. */
export function withoutPlatform(given: GivenInputs): GivenInputs {
  const image = 'of the local platform';
  return { 'activator-image': image, 'weights-image': image, ...given };
}

/** What `prepare` asks of a local platform that is up, each as half a sentence. */
export function notAsked(given: GivenInputs): readonly string[] {
  return [
    ...(given['registry'] ? [] : ['whether the registry takes the image']),
    'whether the address of the service is free in the cluster',
    'whether the cluster has the mesh, the kind of workload, the model and the room that the service asks for',
    ...(given['prometheus-url'] ? [] : ['whether Prometheus lets this side in']),
  ];
}
