import { Link } from '@backstage/ui';
import type { LinkProps } from '@backstage/ui';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';
import { serviceEntityName } from '@fairway/backstage-plugin-fairway-common';

interface ServiceLinkProps extends Pick<LinkProps, 'variant'> {
  readonly service: string;
  /** Default the name of the service. */
  readonly namespace?: string;
}

/** A service as a link to its page in the catalog, where the entity provider registers it. */
export function ServiceLink({ service, namespace, variant }: ServiceLinkProps) {
  const linkOf = useEntityRefLink();
  return (
    <Link variant={variant} href={linkOf(serviceEntityName({ service, namespace }))}>
      {service}
    </Link>
  );
}
