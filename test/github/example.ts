/** GitHub's own examples of answers, by their names in the description. */
export type Examples = Readonly<Record<string, unknown>>;

/** A copy of one, to be changed to what a test knows. */
export function example(examples: Examples, name: string): Record<string, unknown> {
  const found = examples[name] as { readonly value?: object } | undefined;
  if (!found?.value) throw new Error(`GitHub's description has no example named ${name}.`);
  return structuredClone(found.value) as Record<string, unknown>;
}

/** Somebody as GitHub shows them; what writes with the token of a job is `github-actions[bot]`. */
export function userOf(examples: Examples, login: string): object {
  return { ...example(examples, 'simple-user'), login, type: login.endsWith('[bot]') ? 'Bot' : 'User' };
}
