import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDocker, runOnce } from '@fairway/clients/docker/index';
import { applyObjects, connectCluster, removeObjects } from '@fairway/clients/kubernetes/index';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { engineProfile } from '@fairway/engines';
import { loadService } from '@fairway/service';
import { weightsInCluster } from '@fairway/targets/workload/weights';
import { inEnglish } from '../fixtures/in-english.ts';
import { podSpec, versionObjects } from '../../actions/deploy/src/objects.ts';
import { copyExample, editService, giveHostname } from '../e2e/example-copy.ts';
import { expectPass, fairway } from '../e2e/fairway-command.ts';
import { platform } from '../e2e/platform.ts';
import { removeService } from '../remove-service.ts';

jest.setTimeout(20 * 60_000);

const name = 'hello-weights';
let folder: string;
let shelf: string;
let cluster: Cluster;

const namespace: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'fairway' } },
};
const storage = { requests: { storage: '1Gi' } };
const claim = (accessModes: readonly string[], claimName = 'models'): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: claimName, namespace: name },
  spec: { accessModes, storageClassName: '', volumeName: name, resources: storage },
});

beforeAll(async () => {
  cluster = await connectCluster(platform.kubernetes);
  folder = await copyExample(name);
  await giveHostname(folder, `${name}.test`);
  // the image has no model; the folder has it for the smoke test alone
  const dockerfile = join(folder, 'Dockerfile');
  await writeFile(dockerfile, (await readFile(dockerfile, 'utf8')).replace(/^COPY model\/ .*\n/m, ''));
  await writeFile(join(folder, '.dockerignore'), 'model\n');
  shelf = await mkdtemp(join(tmpdir(), 'fairway-shelf-'));
  const model = join(shelf, 'shelf/tiny');
  await cp(join(folder, 'model'), model, { recursive: true });
  const sums = execFileSync('sha256sum', await readdir(model), { cwd: model });
  await writeFile(join(model, 'SHA256SUMS'), sums);
  const hashes = `sha256:${createHash('sha256').update(sums).digest('hex')}`;
  const weights = `{ from: volume, claim: models, folder: shelf/tiny, hashes: '${hashes}', verify: always }`;
  await editService(folder, text => text.replace(/^( *)path: .*$/m, line => `${line}\n  weights: ${weights}`));
});

afterAll(async () => {
  await removeService(platform, name);
  await removeObjects(cluster, [{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name } }]);
  for (const path of [folder, shelf]) await rm(path, { recursive: true });
});

test('a claim that is not there stops before anything is built', async () => {
  const { code, stages } = await fairway(['deliver', folder, '--to', 'prepare', '--json']);
  expect(code).not.toBe(0);
  expect(stages.at(-1)).toMatchObject({
    verdict: 'fail',
    reason: expect.stringMatching(
      /^The namespace hello-weights of the cluster has no PersistentVolumeClaim models \(model\.weights\.claim\)/,
    ),
  });
});

test('a volume for one node is said, one for one pod is too little', async () => {
  const service = await loadService(folder);
  await applyObjects(cluster, [namespace, claim(['ReadWriteOnce'], 'node'), claim(['ReadWriteOncePod'], 'pod')]);
  const answer = async (name: string) => {
    const model = { ...service.model, weights: { from: 'volume' as const, claim: name } };
    return inEnglish(await weightsInCluster(cluster, { ...service, model }));
  };
  expect((await answer('node')).unknown).toMatch(/one node at a time \(ReadWriteOnce\), and 2 pods/);
  expect((await answer('pod')).missing).toMatch(/for one pod alone/);
  expect((await answer('models')).missing).toMatch(/; it has node, pod\./);
  await applyObjects(cluster, [claim(['ReadOnlyMany'], 'read')]);
  const hashed = async (verify?: 'always') => {
    const weights = { from: 'volume' as const, claim: 'read', hashes: `sha256:${'a'.repeat(64)}`, verify };
    return weightsInCluster(cluster, { ...service, model: { ...service.model, weights } });
  };
  expect((await hashed()).missing).toMatchObject({ code: 'weights.noNote' });
  expect(await hashed('always')).toEqual({});
  // it asks for the volume of the last test
  await removeObjects(cluster, [claim(['ReadOnlyMany'], 'read')]);
});

test('a cluster that forgets a volume of a kind that it does not know is noticed before anything is applied', async () => {
  const service = await loadService(folder);
  const image = `registry.example.com/models/tiny@sha256:${'a'.repeat(64)}`;
  const workload = { ...service.workload, serviceAccount: 'default' };
  const artifact = { ...service, workload, model: { ...service.model, weights: { from: 'artifact' as const, image } } };
  expect((await weightsInCluster(cluster, artifact)).unknown).toMatch(/only with the feature gate ImageVolume/);
  const pulled = { from: 'artifact' as const, image, pull: 'init' as const };
  const itself = (claim?: string) => ({ ...artifact, model: { ...artifact.model, weights: { ...pulled, claim } } });
  expect(await weightsInCluster(cluster, itself())).toEqual({});
  expect((await weightsInCluster(cluster, itself('gone'))).missing).toMatchObject({ code: 'weights.otherClaims' });
  const bucket = { from: 'bucket' as const, bucket: 's3://models/tiny', hashes: 'hub', secret: 'keys' };
  const stored = { ...artifact, model: { ...artifact.model, weights: bucket } };
  expect((await weightsInCluster(cluster, stored)).unknown).toMatch(
    /no Secret keys yet .* with the keys AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\.$/,
  );
  const spec = podSpec(artifact, engineProfile('llamacpp'), image, undefined);
  const revision = 'a1b2c3d4';
  const objects = versionObjects(artifact, engineProfile('llamacpp'), revision, spec, 1, undefined);
  await expect(applyObjects(cluster, objects)).rejects.toThrow(
    /would leave out spec\.template\.spec\.containers\[engine\]\.volumeMounts\[model\], spec\.template\.spec\.volumes\[model\]\. It is older than that field, or has the feature switched off\. Nothing was applied/,
  );
});

test('a service whose model lies on a volume is verified and delivered whole, and its image has no model', async () => {
  const volume: KubernetesObject = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadOnlyMany'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '',
      hostPath: { path: shelf },
    },
  };
  await applyObjects(cluster, [volume, claim(['ReadOnlyMany'])]);
  const { stages } = expectPass(await fairway(['deliver', folder, '--json']));
  const verdicts = new Map(stages.map(({ stage, verdict }) => [stage, verdict]));
  expect(verdicts.get('optimize')).toBe('pass');
  expect(verdicts.get('release')).toBe('pass');
  const { lines } = await runOnce(await connectDocker(platform.docker.host), {
    // what `optimize` made of it is not in the daemon any more, and holds no more than this
    image: stages.find(({ stage }) => stage === 'build')?.outputs['image'] ?? '',
    command: ['sh', '-c', 'ls /usr/local/bin; ls / | grep models'],
    timeout: 60_000,
    signal: new AbortController().signal,
  });
  expect(lines).toEqual(['llama-server']);
});
