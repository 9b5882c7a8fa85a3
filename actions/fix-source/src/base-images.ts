import { baseImages, DockerfileError } from '@fairway/clients/docker/dockerfile-bases';
import type { Base } from '@fairway/clients/registry/index';
import type { Service } from '@fairway/service';

type WhatIsBuilt = Pick<Service['build'], 'arguments' | 'target'>;

// of FROM, of an ARG that one refers to, and of what COPY and RUN take files from
const instruction = /^[ \t]*(?:FROM|ARG)[ \t].*$|(?<!^[ \t]*#.*)--(?:from=|mount=(?:\S*,)?from=)\S+/gim;
const tagged = /([a-z0-9][\w.:/-]*:[\w.-]+)(?:@(sha256:[0-9a-f]{64}))?/g;

/**
 * The images with a tag in the FROM and ARG instructions of a Dockerfile, and in its flags `--from` and `--mount`, each once: those with a digest,
 * and of the others those that a build reads, since not every word with a colon is an image.
 */
export function taggedBases(dockerfile: string, build: WhatIsBuilt): readonly Pick<Base, 'image' | 'from'>[] {
  const read = imagesRead(dockerfile, build);
  const found = [...dockerfile.matchAll(instruction)]
    .flatMap(([line]) => [...line.matchAll(tagged)])
    .filter(([, image = '', from]) => from !== undefined || read.includes(image));
  return [...new Map(found.map(([text, image = '', from]) => [text, { image, from }])).values()];
}

function imagesRead(dockerfile: string, build: WhatIsBuilt): readonly string[] {
  try {
    // an image that only another architecture reads is left alone
    return baseImages(dockerfile, build.arguments, { architecture: 'amd64' }, build.target).map(({ name }) => name);
  } catch (error) {
    // the next build says what is wrong with it
    if (error instanceof DockerfileError) return [];
    throw error;
  }
}

/** The Dockerfile with today's digests. */
export function withDigests(dockerfile: string, bases: readonly Base[]): string {
  return dockerfile.replaceAll(instruction, line =>
    line.replaceAll(tagged, (text, image: string, from: string | undefined) => {
      const to = bases.find(base => base.image === image && base.from === from)?.to;
      return to === undefined ? text : `${image}@${to}`;
    }),
  );
}
