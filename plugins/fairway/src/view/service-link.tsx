import { Link } from '@backstage/ui';
import { useEntityRefLink } from '@backstage/plugin-catalog-react';

/** A service as a link to its page in the catalog, where the entity provider registers it under its own name. */
export function ServiceLink({ service }: { readonly service: string }) {
  const linkOf = useEntityRefLink();
  return <Link href={linkOf({ kind: 'component', namespace: 'default', name: service })}>{service}</Link>;
}
