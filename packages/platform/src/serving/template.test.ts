import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { wafBodyLimit } from '@fairway/service/waf-body-limit';
import { parseManifest } from './manifests.ts';
import { platformTemplate } from './overlay.ts';
import { sourcedParts } from './parts.ts';

interface PodSpec {
  readonly containers: readonly {
    readonly name: string;
    readonly image?: string;
    readonly args?: readonly string[];
    readonly securityContext?: object;
  }[];
}

/** Every file of objects and of patches: the others are configurations of programs. */
async function objects() {
  const names = await readdir(platformTemplate, { recursive: true });
  const files = names.filter(
    name => name.endsWith('.yaml') && !/(kustomization|values|config|template)\.yaml$/.test(name),
  );
  const read = await Promise.all(
    files.map(async file => parseManifest(await readFile(join(platformTemplate, file), 'utf8'), file)),
  );
  return read.flat();
}

/** Patches, which name no image, are left out. */
async function containers() {
  const specs = (await objects()).map(({ spec }) => (spec as { template?: { spec?: PodSpec } } | undefined)?.template);
  return specs.flatMap(template => template?.spec?.containers ?? []).filter(({ image }) => image !== undefined);
}

test('containers have no privileges, and images a version or a name that no registry answers for', async () => {
  const all = await containers();
  expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(['envoy-gateway', 'waf', 'redis', 'rsyslog']));
  for (const { name, image, securityContext } of all) {
    expect({ name, image }).toEqual({
      name,
      image: expect.stringMatching(
        /^fairway\.invalid\/[a-z-]+$|^[a-z.]+\/[a-z/-]+:v?\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$|:[0-9a-f]{8}@sha256:[0-9a-f]{64}$/,
      ),
    });
    expect({ name, securityContext }).toMatchObject({
      name,
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    });
  }
});

test('no Secret is in the folder', async () => {
  expect((await objects()).filter(({ kind }) => kind === 'Secret')).toEqual([]);
});

test('the firewall takes bodies up to the limit that prepare checks services against', async () => {
  const waf = (await containers()).find(({ name }) => name === 'waf');
  expect(waf?.args).toContain(`--body-limit=${wafBodyLimit}`);
});

test("Envoy Gateway's manifests and images are of the version that is built, or pulled, for the laptop", async () => {
  const parts = join(platformTemplate, '../../packages/platform/parts/envoy-gateway/go.mod');
  const version = /github\.com\/envoyproxy\/gateway (v\S+)/.exec(await readFile(parts, 'utf8'))?.[1];
  const text = async (file: string) => readFile(join(platformTemplate, 'parts', file), 'utf8');
  for (const file of ['envoy-gateway.yaml', 'certificates.yaml'])
    expect(await text(`envoy-gateway/${file}`)).toMatch(`# Envoy Gateway ${version} `);
  const pulled = (name: string) => {
    const part = sourcedParts('public registry').find(one => one.name === name);
    return part?.kind === 'image' ? part.reference.replace('registry-1.docker.io', 'docker.io') : '';
  };
  expect(pulled('envoy-gateway')).toContain(`:${version}@`);
  for (const file of ['envoy-gateway.yaml', 'certificates.yaml', 'config.yaml', 'values.yaml'])
    expect(await text(`envoy-gateway/${file}`)).toContain(pulled('envoy-gateway'));
  expect(await text('gateway/gateway.yaml')).toContain(pulled('envoy'));
});

test("Istio's manifests, images and custom resources are of one version", async () => {
  const text = (file: string) => readFile(join(platformTemplate, file), 'utf8');
  const version = /^ {2}tag: (\d+\.\d+\.\d+)$/m.exec(await text('parts/istio/values.yaml'))?.[1];
  const rendered = await text('parts/istio/istiod.yaml');
  expect(rendered).toMatch(`# Istio ${version} `);
  expect(rendered).toContain(`/pilot:${version}"`);
  expect(await text('upstream/istio/kustomization.yaml')).toContain(`/istio/istio/${version}/`);
});

interface Patch {
  readonly operation?: { readonly value?: Filter };
  readonly patch?: { readonly value?: Filter };
}
interface Filter {
  readonly name?: string;
}

test("both gateways have the same filters of the platform's own", async () => {
  const filters = async (part: string, field: 'jsonPatches' | 'configPatches') => {
    const text = await readFile(join(platformTemplate, 'parts', part, 'gateway.yaml'), 'utf8');
    const patches = parseManifest(text, part).flatMap(
      ({ spec }) => (spec as Record<string, readonly Patch[] | undefined> | undefined)?.[field] ?? [],
    );
    const values = patches.map(patch => patch.operation?.value ?? patch.patch?.value);
    return new Map(values.flatMap(value => (value?.name?.startsWith('fairway') ? [[value.name, value]] : [])));
  };
  const [envoy, istio] = [await filters('gateway', 'jsonPatches'), await filters('istio-gateway', 'configPatches')];
  const shared = [...envoy.keys()].filter(name => istio.has(name));
  expect(shared).toEqual(
    expect.arrayContaining([
      'fairway-waf',
      'fairway.waf_head',
      'fairway.address_limit',
      'fairway-cache',
      'fairway-concurrency',
      'fairway.concurrency',
      'fairway.concurrency_closed',
      'fairway.model',
      'fairway.place',
      'fairway.cache',
      'fairway.usage',
      'fairway.place_removed',
    ]),
  );
  for (const name of shared) expect({ [name]: istio.get(name) }).toEqual({ [name]: envoy.get(name) });
});

/** What stands in the place of Envoy's own answers. */
function replies(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null) return [];
  return 'mappers' in value ? (value.mappers as readonly object[]) : Object.values(value).flatMap(replies);
}

test('what Envoy Gateway says by itself, Istio says too', async () => {
  const of = async (part: string) =>
    replies(parseManifest(await readFile(join(platformTemplate, 'parts', part, 'gateway.yaml'), 'utf8'), part));
  const [envoy, istio] = [await of('gateway'), await of('istio-gateway')];
  expect(istio).toEqual(expect.arrayContaining([...envoy]));
  // in the same order, since the first that fits is the one
  expect(istio.filter(reply => envoy.some(other => isDeepStrictEqual(reply, other)))).toEqual(envoy);
});

/** The access logs of both gateways, whose lines have an id of Envoy's. */
function accessLogs(value: unknown): readonly Readonly<Record<string, string>>[] {
  if (typeof value !== 'object' || value === null) return [];
  const found = Object.values(value).flatMap(accessLogs);
  return 'id' in value && value.id === '%UNIQUE_ID%' ? [value as Readonly<Record<string, string>>, ...found] : found;
}

// The kubelet stores a line of over 16 KiB in pieces (kubelet-cri-logging.md of Kubernetes), and a model's name may be as long as a body.
test('no header that a client fills makes a line of the access log as long as it likes', async () => {
  const logs = accessLogs(await objects());
  expect(logs).toHaveLength(2);
  for (const log of logs) {
    const lengths = Object.values(log).flatMap(field =>
      /REQ|headers/.test(field) ? [/:(\d+)%$/.exec(field)?.[1]] : [],
    );
    expect(lengths).not.toContain(undefined);
    // a sign may take six in JSON
    expect(6 * lengths.reduce((sum, length) => sum + Number(length), 0)).toBeLessThan(14_000);
  }
});
