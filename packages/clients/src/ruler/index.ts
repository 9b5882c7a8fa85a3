import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { parse, stringify } from 'yaml';
import { addressBelow } from '../address.ts';
import { withLogin } from '../http-login.ts';
import type { HttpLogin } from '../http-login.ts';
import { send } from '../request.ts';
import { ToolError } from '../tool-error.ts';

/** A group of rules as Prometheus' files have it. */
export interface StoredGroup {
  readonly name: string;
  readonly rules: readonly object[];
}

/**
 * The ruler of Mimir, which Grafana Cloud has too: rules are stored by its API, in namespaces, and it evaluates them. What was stored it
 * reads at its next poll. Every method throws ToolError when it does not answer or does not take something; its text is in it.
 */
export interface Ruler {
  /** The groups of a namespace; none where there is no such namespace. */
  groups(namespace: string): Promise<readonly StoredGroup[]>;
  /** Adds a group or takes the place of the one of that name. */
  set(namespace: string, group: StoredGroup): Promise<void>;
  /** One that is not there is no error. */
  remove(namespace: string, group: string): Promise<void>;
}

/** @param url the address below which Mimir answers as Prometheus, such as https://mimir.example.com/prometheus; it may have a login */
export function ruler(url: string, signal?: AbortSignal, login: HttpLogin = {}): Ruler {
  const ask = (method: 'GET' | 'POST' | 'DELETE', path: readonly string[], body?: string) => {
    const access = withLogin(login);
    return send({
      tool: 'ruler',
      url: addressBelow(url, `/config/v1/rules/${path.map(encodeURIComponent).join('/')}`),
      method,
      signal,
      // a group is stored whole, so storing it twice is storing it once
      attempts: 3,
      timeout: 30_000,
      ...access,
      ...(body === undefined ? {} : { body, headers: { ...access.headers, 'content-type': 'application/yaml' } }),
      advice,
    });
  };
  return {
    async groups(namespace) {
      try {
        const found = parse(await ask('GET', [namespace])) as Readonly<Record<string, StoredGroup[]>> | null;
        return found?.[namespace] ?? [];
      } catch (error) {
        // Cortex and the first Mimir say so; later ones answer with nothing. A path that is none of the API is 404 too
        if (error instanceof ToolError && error.status === 404 && /no rule groups found/.test(error.output)) return [];
        throw error;
      }
    },
    async set(namespace, group) {
      await ask('POST', [namespace], stringify(group));
    },
    async remove(namespace, group) {
      try {
        await ask('DELETE', [namespace, group]);
      } catch (error) {
        if (!(error instanceof ToolError && error.status === 404)) throw error;
      }
    },
  };
}

const advice = reasonOf('ruler.check');
