import type { Cluster } from './cluster.ts';
import type { KubernetesObject } from './objects.ts';

/** Objects of one answer: some megabytes of text at most, whatever the size of the cluster. */
const pageSize = 250;

interface Page {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly KubernetesObject[];
}

/**
 * Reads all objects of a path in pages, so that a large cluster is never in memory as a whole.
 * @param query label and field selectors
 * @returns the version of the list, from which a watch goes on
 * @throws ToolError; with status 410 when the list became too old while it was read
 */
export async function listPages(
  cluster: Cluster,
  path: string,
  query: Readonly<Record<string, string>>,
  each: (object: KubernetesObject) => void,
): Promise<string> {
  let next: string | undefined;
  for (;;) {
    const page = await cluster.request<Page>('GET', path, {
      query: { ...query, limit: String(pageSize), ...(next ? { continue: next } : {}) },
    });
    for (const object of page.items ?? []) each(object);
    next = page.metadata.continue || undefined;
    if (!next) return page.metadata.resourceVersion ?? '';
  }
}
