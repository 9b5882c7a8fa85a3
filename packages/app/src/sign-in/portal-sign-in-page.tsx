import { ProxiedSignInPage, SignInPage } from '@backstage/core-components';
import { configApiRef, githubAuthApiRef, useApi } from '@backstage/frontend-plugin-api';
import type { SignInPageProps } from '@backstage/plugin-app-react';

const github = {
  id: 'github-auth-provider',
  title: 'GitHub',
  message: 'Sign in with GitHub',
  apiRef: githubAuthApiRef,
};

/** The ways to sign in that the configuration names. On a laptop, where there is only the guest, nobody is asked. */
export function PortalSignInPage(props: SignInPageProps) {
  const ways = useApi(configApiRef).getOptionalStringArray('fairway.signIn') ?? ['github'];
  if (ways.every(way => way === 'guest')) return <ProxiedSignInPage {...props} provider="guest" />;
  return (
    <SignInPage
      {...props}
      align="center"
      providers={ways.map(way => (way === 'guest' ? ('guest' as const) : github))}
    />
  );
}
