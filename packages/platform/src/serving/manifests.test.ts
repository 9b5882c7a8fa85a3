import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imageNames } from './images.ts';
import { fill, parseManifest } from './manifests.ts';

const folder = join(__dirname, 'manifests');
const images = Object.fromEntries(
  imageNames.map(name => [name, { reference: `localhost/fairway/${name}:0123456789ab` }]),
);
const places = {
  'dns-address': '10.96.0.10',
  'issuer-url': 'http://127.0.0.1:17403',
  'issuer-ip': '10.99.0.1',
  'issuer-port': 17403,
  audience: 'fairway',
  'gateway-node-port': 30402,
  'waf-body-limit': 8388608,
  'ledger-folder': '/var/lib/fairway/ledger',
  'ledger-password': 'secret',
  'redis-limits-password': 'secret',
  'redis-limits-hash': '0'.repeat(64),
  'redis-cache-password': 'secret',
  'redis-cache-hash': '0'.repeat(64),
};

interface PodSpec {
  readonly containers: readonly {
    readonly image: string;
    readonly imagePullPolicy?: string;
    readonly securityContext?: object;
  }[];
}

test('every manifest is filled in whole, and pods have no privileges and nothing to pull', async () => {
  const files = (await readdir(folder)).filter(name => name.endsWith('.yaml') && !name.endsWith('-values.yaml'));
  expect(files).toContain('envoy-gateway.yaml');
  for (const file of files) {
    const text = fill(await readFile(join(folder, file), 'utf8'), file, images, places);
    expect(text).not.toMatch(/\$\{[a-z-]+\}|:built/);
    for (const object of parseManifest(text, file)) {
      expect(object).toMatchObject({
        apiVersion: expect.any(String),
        kind: expect.any(String),
        metadata: { name: expect.any(String) },
      });
      const spec = (object.spec as { template?: { spec?: PodSpec } } | undefined)?.template?.spec;
      for (const container of spec?.containers ?? []) {
        expect(container.image).toMatch(/^localhost\/fairway\/[a-z-]+:[0-9a-f]{12}$/);
        expect(container.imagePullPolicy).toBe('Never');
        expect(container.securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      }
    }
  }
});

test('a place or an image that nothing is known for is an error', () => {
  expect(() => fill('a: ${unknown}', 'x.yaml', images, places)).toThrow('x.yaml has a place ${unknown}');
  expect(() => fill('image: localhost/fairway/unknown:built', 'x.yaml', images, places)).toThrow(
    'names the image unknown',
  );
});

test("Envoy Gateway's manifests are of the version that is built", async () => {
  const built = await readFile(join(__dirname, '..', '..', 'parts', 'envoy-gateway', 'go.mod'), 'utf8');
  const version = /github\.com\/envoyproxy\/gateway (v\S+)/.exec(built)?.[1];
  for (const file of ['envoy-gateway.yaml', 'envoy-gateway-certificates.yaml'])
    expect(await readFile(join(folder, file), 'utf8')).toMatch(`# Envoy Gateway ${version} `);
});
