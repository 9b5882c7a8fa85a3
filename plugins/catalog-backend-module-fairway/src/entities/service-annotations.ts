import { ANNOTATION_SOURCE_LOCATION } from '@backstage/catalog-model';
import { namespaceAnnotation, serviceAnnotation } from '@fairway/backstage-plugin-fairway-common';
import type { KnownService } from '../known-services.ts';

/** By which deliveries, pods and the views of other plugins find what belongs to the service. */
export function serviceAnnotations({ name, namespace, delivered }: KnownService): Record<string, string> {
  const { projectSlug: slug, repository, repositoryAt: server = 'github', docs } = delivered ?? {};
  return {
    [serviceAnnotation]: name,
    [namespaceAnnotation]: namespace,
    'backstage.io/kubernetes-id': name,
    'backstage.io/kubernetes-namespace': namespace,
    'backstage.io/kubernetes-label-selector': `app.kubernetes.io/name=${name}`,
    ...(slug && repository
      ? { [`${server}.com/project-slug`]: slug, [ANNOTATION_SOURCE_LOCATION]: `url:${repository}/` }
      : {}),
    ...(docs ? { 'backstage.io/techdocs-ref': `url:${docs}` } : {}),
  };
}
