import { Link } from '@backstage/ui';
import type { LinkProps } from '@backstage/ui';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';

interface ServiceLinkProps extends Pick<LinkProps, 'variant'> {
  readonly service: string;
}

/** A service as a link to its page in the catalog, where the entity provider registers it under its own name. */
export function ServiceLink({ service, variant }: ServiceLinkProps) {
  const linkOf = useEntityRefLink();
  return (
    <Link variant={variant} href={linkOf({ kind: 'component', namespace: 'default', name: service })}>
      {service}
    </Link>
  );
}
