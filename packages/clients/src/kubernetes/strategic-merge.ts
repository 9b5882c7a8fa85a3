type Fields = Readonly<Record<string, unknown>>;

/**
 * Key by which the items of a list are matched, by the name of the list; lists that are not here are replaced whole. Source: `patchMergeKey` of the
 * types of a Deployment, a Service, a ServiceAccount and a PodDisruptionBudget (k8s.io/api 0.34).
 */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  volumes: 'name',
  imagePullSecrets: 'name',
  secrets: 'name',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
  resourceClaims: 'name',
  schedulingGates: 'name',
  env: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
};

/**
 * A strategic merge patch applied as the API server does: maps are merged, null removes a field, items of lists with a key are matched by it, and
 * `$patch: delete` or `$patch: replace` in an item or a map says otherwise.
 * @throws Error for an item without its key, and for other directives
 */
export function strategicMerge<T extends Fields>(target: T, patch: Fields): T {
  return mergeMaps(target, patch) as T;
}

function mergeMaps(target: Fields, patch: Fields): Fields {
  const { $patch: directive, ...fields } = patch;
  if (directive === 'replace') return fields;
  if (directive !== undefined) throw new Error(`$patch: ${String(directive)} has no meaning in a map`);
  const merged: Record<string, unknown> = { ...target };
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith('$')) throw new Error(`the directive ${name} is not supported`);
    if (value === null) delete merged[name];
    else merged[name] = mergeValues(name, merged[name], value);
  }
  return merged;
}

function mergeValues(name: string, before: unknown, value: unknown): unknown {
  if (Array.isArray(value)) return mergeLists(name, Array.isArray(before) ? before : [], value);
  if (!isMap(value)) return value;
  return mergeMaps(isMap(before) ? before : {}, value);
}

function mergeLists(name: string, before: readonly unknown[], patch: readonly unknown[]): readonly unknown[] {
  const key = keyOf(name, [...before, ...patch]);
  if (key === undefined) return patch;
  const items = patch.map(item => {
    if (!isMap(item)) throw new Error(`${name} has an item that is no map`);
    return item;
  });
  if (items.some(item => item['$patch'] === 'replace')) return items.filter(item => item['$patch'] === undefined);
  const merged = [...(before as readonly Fields[])];
  for (const item of items) {
    if (item[key] === undefined) throw new Error(`${name} has an item without ${key}`);
    const index = merged.findIndex(one => one[key] === item[key]);
    if (item['$patch'] === 'delete') merged.splice(index, index < 0 ? 0 : 1);
    else if (index < 0) merged.push(mergeMaps({}, item));
    else merged[index] = mergeMaps(merged[index] as Fields, item);
  }
  return merged;
}

/** Containers have `ports` with a containerPort, Services have others. */
function keyOf(name: string, items: readonly unknown[]): string | undefined {
  if (name !== 'ports') return mergeKeys[name];
  return items.some(item => isMap(item) && 'containerPort' in item) ? 'containerPort' : 'port';
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
