import { reasonOf, type Reason } from '@fairway/service/reasons/delivery-reason';

/** Parts of sentences that several diagnoses have. */

export function nodePart(name: string | undefined): Reason {
  return name ? reasonOf('node.named', { node: name }) : reasonOf('node.unnamed');
}

/** A resource as the scheduler and the kubelet write it. */
export function resourcePart(resource: string): Reason | string {
  switch (resource) {
    case 'cpu':
      return reasonOf('resource.cpu');
    case 'memory':
      return reasonOf('resource.memory');
    case 'ephemeral-storage':
      return reasonOf('resource.disk');
    case 'pods':
      return reasonOf('resource.pods');
    default:
      return resource;
  }
}

/** The words of a program as a whole sentence, where another one follows. */
export function closed(words: string): string {
  return words.replace(/\.?$/, '.');
}
