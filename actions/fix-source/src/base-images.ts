import { dockerfileInstructions } from '@fairway/clients/docker/dockerfile';
import { baseImages, DockerfileError } from '@fairway/clients/docker/dockerfile-bases';
import type { Base } from '@fairway/clients/registry/index';
import type { Service } from '@fairway/service';

type WhatIsBuilt = Pick<Service['build'], 'arguments' | 'target'>;

type Tagged = (text: string, image: string, from: string | undefined) => string;

const tagged = /([a-z0-9][\w.:/-]*:[\w.-]+)(?:@(sha256:[0-9a-f]{64}))?/g;
const source = /--(?:from=|mount=(?:\S*,)?from=)\S+/g;

/**
 * The images with a tag in the FROM and ARG instructions of a Dockerfile, and in its flags `--from` and `--mount`, each once: those with a digest,
 * and of the others those that a build reads, since not every word with a colon is an image.
 */
export function taggedBases(dockerfile: string, build: WhatIsBuilt): readonly Pick<Base, 'image' | 'from'>[] {
  const read = imagesRead(dockerfile, build);
  const found = new Map<string, Pick<Base, 'image' | 'from'>>();
  changed(dockerfile, (text, image, from) => {
    if (from !== undefined || read.includes(image)) found.set(text, { image, from });
    return text;
  });
  return [...found.values()];
}

/** A Dockerfile with what stands where an image can stand changed; here-documents and comments stay as they are. */
function changed(dockerfile: string, change: Tagged): string {
  const lines = dockerfile.split('\n');
  for (const { line, end, text } of dockerfileInstructions(dockerfile)) {
    const names = /^(?:FROM|ARG)\s/i.test(text);
    for (let at = line - 1; at < end; at++) {
      const one = lines[at]!;
      if (/^\s*#/.test(one)) continue;
      lines[at] = names
        ? one.replaceAll(tagged, change)
        : one.replaceAll(source, flag => flag.replaceAll(tagged, change));
    }
  }
  return lines.join('\n');
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
  return changed(dockerfile, (text, image, from) => {
    const to = bases.find(base => base.image === image && base.from === from)?.to;
    return to === undefined ? text : `${image}@${to}`;
  });
}
