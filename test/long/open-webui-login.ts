/** What Open WebUI gives a browser that a person has logged in with. */
export interface PersonalLogin {
  /** With Open WebUI itself; not the one that the gateway gets. */
  readonly token: string;
  readonly cookie: string;
}

/** The first person of Open WebUI, who may set it up, without any issuer. */
export async function signUp(url: string): Promise<PersonalLogin> {
  const answer = await fetch(`${url}/api/v1/auths/signup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: "Anna-Lena O'Neil", email: 'anna@example.com', password: 'only-for-a-test' }),
  });
  if (!answer.ok) throw new Error(`Open WebUI signed nobody up: ${answer.status} ${await answer.text()}`);
  return { ...((await answer.json()) as { token: string }), cookie: '' };
}

/** Logs in with Keycloak's form, as a browser does that follows every redirect. */
export async function logInWithKeycloak(url: string, username: string, password: string): Promise<PersonalLogin> {
  const cookies = new Map<string, string>();
  const cookie = () => [...cookies].map(pair => pair.join('=')).join('; ');
  const follow = async (to: string, body?: URLSearchParams): Promise<string> => {
    const sent = body ? { method: 'POST', body } : {};
    const answer = await fetch(to, { ...sent, redirect: 'manual', headers: { cookie: cookie() } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      cookies.set(name!, value!);
    }
    const location = answer.headers.get('location');
    if (location && !cookies.has('token')) return follow(new URL(location, to).href);
    return answer.text();
  };
  const form = await follow(`${url}/oauth/oidc/login`);
  const action = /<form[^>]* action="([^"]+)"/.exec(form)?.[1];
  if (!action) throw new Error(`Keycloak shows no form: ${form.slice(0, 2000)}`);
  await follow(action.replaceAll('&amp;', '&'), new URLSearchParams({ username, password }));
  const token = cookies.get('token');
  if (!token) throw new Error(`Nobody is logged in: the cookies are ${[...cookies.keys()].join(', ')}.`);
  return { token, cookie: cookie() };
}
