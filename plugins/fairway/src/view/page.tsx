import type { ReactNode } from 'react';
import { Container } from '@backstage/ui';

/** The frame of a whole page; the header comes from the portal. */
export function Page({ children }: { readonly children: ReactNode }) {
  return (
    <Container pt="4" pb="6">
      {children}
    </Container>
  );
}
