/** Names of classes, each with the clients in it: whole names, or beginnings that end in `*`. */
export type TenantClasses = Readonly<Record<string, readonly string[]>>;

/** The class of whoever is in none. */
const others = 'other';
const form = /^[a-z0-9][a-z0-9_-]{0,31}$/;
const most = 16;

/** @throws Error that names the file and what it takes */
export function readTenantClasses(text: string, file: string): TenantClasses {
  const wrong = (found: string) =>
    new Error(
      `${file}: ${found}. It takes an object such as {"internal": ["svc-*", "ann"]}: ${most} classes at most, of small letters, digits, _ and -, with lists of clients.`,
    );
  let classes: unknown;
  try {
    classes = JSON.parse(text);
  } catch (error) {
    throw wrong((error as Error).message);
  }
  if (typeof classes !== 'object' || classes === null || Array.isArray(classes)) throw wrong('it is no object');
  const entries = Object.entries(classes as Record<string, unknown>);
  if (entries.length > most) throw wrong(`it has ${entries.length} classes`);
  for (const [name, clients] of entries)
    if (!form.test(name) || !Array.isArray(clients) || !clients.every(client => typeof client === 'string'))
      throw wrong(`the class "${name}" is not of that form`);
  return Object.fromEntries(entries) as TenantClasses;
}

/** The first class with the client in it. */
export function tenantClass(classes: TenantClasses, client: string): string {
  const found = Object.entries(classes).find(([, clients]) =>
    clients.some(one => (one.endsWith('*') ? client.startsWith(one.slice(0, -1)) : client === one)),
  );
  return found?.[0] ?? others;
}
