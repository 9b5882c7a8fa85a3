import { errorReason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { ClusterSeries } from '@fairway/indicators';
import type { Ruler, StoredGroup } from '@fairway/clients/ruler/index';
import { ToolError } from '@fairway/clients/tool-error';
import { sameRules as same } from './same-rules.ts';

/** Rules that Mimir takes in one group unless somebody raised its limit. */
const groupLimit = 20;

/**
 * Where the rules of a service are in a ruler: a namespace of its own, so that nothing of others is in it. A ruler may be that of several
 * clusters, whose labels are then part of the name. Names of Kubernetes have no dots, so no two services share one.
 */
export function rulerNamespace(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  series: ClusterSeries,
): string {
  return ['fairway', namespace, name, ...Object.values(series.labels)].join('.');
}

/** Groups that Mimir takes: those with too many rules become several, of which the first has the name. */
export function rulerGroups<G extends StoredGroup>(groups: readonly G[]): readonly G[] {
  return groups.flatMap(group =>
    Array.from({ length: Math.ceil(group.rules.length / groupLimit) }, (_, part) => ({
      ...group,
      name: part === 0 ? group.name : `${group.name}:${part + 1}`,
      rules: group.rules.slice(part * groupLimit, (part + 1) * groupLimit),
    })),
  );
}

/** Puts back what was there before; says as half a sentence what it left as it is, if anything. */
export type PutBack = () => Promise<string | undefined>;

/**
 * Makes a namespace hold these groups and no others. What it cannot finish it takes back.
 * @throws ToolError where the ruler takes a group not, or somebody else writes the same namespace
 */
export async function replaceRulerRules(
  ruler: Ruler,
  namespace: string,
  groups: readonly StoredGroup[],
): Promise<PutBack> {
  const before = byName(await ruler.groups(namespace));
  const wanted = byName(groups);
  const changed = [...new Set([...before.keys(), ...wanted.keys()])].filter(
    name => !same(before.get(name), wanted.get(name)),
  );
  const done: string[] = [];
  const write = (name: string, group: StoredGroup | undefined) =>
    group ? ruler.set(namespace, group) : ruler.remove(namespace, name);
  const putBack: PutBack = async () => {
    const now = byName(await ruler.groups(namespace));
    const left: string[] = [];
    // in the order in which they came: a limit of groups has to have room for those that come back
    for (const name of done.toReversed())
      if (same(now.get(name), wanted.get(name))) await write(name, before.get(name));
      else if (!same(now.get(name), before.get(name))) left.push(name);
    return left.length === 0
      ? undefined
      : `somebody else has changed ${left.join(', ')} in the ruler's namespace ${namespace} meanwhile, and that was left as it is`;
  };
  try {
    // removed first: a limit of groups has to have room for those that come
    for (const name of changed.toSorted((a, b) => Number(wanted.has(a)) - Number(wanted.has(b)))) {
      // an attempt may have been stored although its answer was lost
      done.push(name);
      await write(name, wanted.get(name));
    }
    const stored = byName(await ruler.groups(namespace));
    const other = [...new Set([...stored.keys(), ...wanted.keys()])].filter(
      name => !same(stored.get(name), wanted.get(name)),
    );
    if (other.length > 0)
      throw new ToolError(
        'ruler',
        reasonOf('request.rules', { namespace }),
        undefined,
        reasonOf('ruler.changed', { groups: other.join(', ') }),
        reasonOf('ruler.oneAtATime'),
      );
  } catch (error) {
    await putBack().catch((stuck: Error) => {
      const { status } = error as ToolError;
      const said = reasonOf('ruler.notPutBack', { error: errorReason(error as Error), stuck: errorReason(stuck) });
      throw new ToolError('ruler', reasonOf('request.rules', { namespace }), status, said);
    });
    throw error;
  }
  return putBack;
}

/** Removes the rules of a service from a ruler, and with the last group its namespace. */
export async function removeRulerRules(ruler: Ruler, namespace: string): Promise<void> {
  for (const { name } of await ruler.groups(namespace)) await ruler.remove(namespace, name);
}

function byName(groups: readonly StoredGroup[]): Map<string, StoredGroup> {
  return new Map(groups.map(group => [group.name, group]));
}
