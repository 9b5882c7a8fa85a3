import type { OwnBuilder } from '@fairway/clients/docker/index';
import { ConfigurationError } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { InputSpecs, InputValues } from '@fairway/stage';

/** Name that an image of such a builder has in the layout until it may be called `build`. */
export const uncheckedName = 'unchecked';

/** Named as those of docker/build-push-action. */
export const builderInputs = {
  builder: {
    type: 'string',
    description:
      'Name of a builder of docker buildx that builds in the place of the Docker daemon, such as the output `name` of docker/setup-buildx-action. Default: the daemon builds.',
    keyed: false,
  },
  'cache-from': {
    type: 'list',
    description:
      'Caches that the builder reads, such as type=registry,ref=registry.example.com/team/cache, type=local,src=/mnt/cache or type=gha.',
    default: [],
    keyed: false,
  },
  'cache-to': {
    type: 'list',
    description:
      'Caches that the builder writes, such as type=registry,ref=registry.example.com/team/cache,mode=max, type=local,dest=/mnt/cache or type=gha.',
    default: [],
    keyed: false,
  },
} as const satisfies InputSpecs;

/**
 * The builder that the inputs name; undefined where the daemon builds.
 * @throws ConfigurationError for caches without a builder: BuildKit inside of the classic daemon exports none but inline, and no daemon says what it can
 */
export function ownBuilder(inputs: InputValues<typeof builderInputs>): OwnBuilder | undefined {
  const { builder, 'cache-from': cacheFrom, 'cache-to': cacheTo } = inputs;
  if (builder) return { name: builder, cacheFrom, cacheTo };
  const input = cacheTo.length ? 'cache-to' : cacheFrom.length ? 'cache-from' : undefined;
  if (input) throw new ConfigurationError(reasonOf('input.cacheNoBuilder', { input }));
  return undefined;
}
