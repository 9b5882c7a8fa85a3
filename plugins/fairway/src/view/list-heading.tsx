import { Text } from '@backstage/ui';

/** What a list holds and in which order, above it. */
export function ListHeading({ children }: { readonly children: string }) {
  return (
    <Text as="h2" variant="body-medium" color="secondary">
      {children}
    </Text>
  );
}
