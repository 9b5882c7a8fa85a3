import { SignInPage } from '@backstage/core-components';
import { configApiRef, githubAuthApiRef, useApi } from '@backstage/frontend-plugin-api';
import type { SignInPageProps } from '@backstage/plugin-app-react';

const github = {
  id: 'github-auth-provider',
  title: 'GitHub',
  message: 'Sign in with GitHub',
  apiRef: githubAuthApiRef,
};

/** Offers the ways to sign in that the configuration names: a guest on a laptop, GitHub elsewhere. */
export function PortalSignInPage(props: SignInPageProps) {
  const ways = useApi(configApiRef).getOptionalStringArray('fairway.signIn') ?? ['github'];
  const providers = ways.map(way => (way === 'guest' ? ('guest' as const) : github));
  return <SignInPage {...props} align="center" providers={providers} />;
}
