import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';

/** A place in a registry: `127.0.0.1:5000/team/name`. */
export interface Repository {
  /** Host and port. */
  readonly host: string;
  /** Path below /v2/. */
  readonly name: string;
  /** Loopback registries speak plain HTTP, all others HTTPS. */
  readonly origin: string;
}

const loopback = /^(127(\.\d+){3}|localhost|\[::1\])(:\d+)?$/;

// the grammar of names in the distribution specification 1.1, and that of hosts in distribution/reference
const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const nameForm = new RegExp(`^${component}(?:/${component})*$`);
const hostForm = /^(?:[\w-]+(?:\.[\w-]+)*|\[[\da-fA-F:]+\])(?::\d+)?$/;

/** Reads `host[:port]/path`. Docker Hub's short names are not taken: a delivery names its registry. */
export function parseRepository(text: string): Repository {
  const slash = text.indexOf('/');
  const [host, name] = [text.slice(0, slash), text.slice(slash + 1)];
  // what stands before an @ of the host may be a password
  const shown = text.replace(/^[^/]*@(?=[^/]*\/)/, '***@');
  const wrong = (what: Reason) =>
    new ToolError('registry', reasonOf('registry.readRepository', { repository: shown }), undefined, what);
  if (slash < 1 || !hostForm.test(host) || !URL.canParse(`https://${host}`) || !nameForm.test(name))
    throw wrong(reasonOf('registry.form'));
  if (!/[.:A-Z]/.test(host) && host !== 'localhost') throw wrong(reasonOf('registry.hub', { host }));
  // by its own name it answers nobody
  if (/^(?:index\.)?docker\.io$/.test(host)) return { host: 'docker.io', name, origin: 'https://registry-1.docker.io' };
  return { host, name, origin: `${loopback.test(host) ? 'http' : 'https'}://${host}` };
}
