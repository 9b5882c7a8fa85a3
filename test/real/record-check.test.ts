import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  attachArtifact,
  headManifest,
  openRepository,
  parseRepository,
  pushImage,
} from '@fairway/clients/registry/index';
import type { DeliveryRecord } from '@fairway/stage';
import type { StageEntry } from '@fairway/stage/record';
import { checkRecord } from '../../plugins/fairway-backend/src/deliveries/record-check.ts';
import { imageOfFiles } from '../image-of-files.ts';
import { platform, registryPassword } from './platform.ts';

jest.setTimeout(300_000);

const signal = new AbortController().signal;
const name = `${platform.registry.address}/fairway-test/record-check`;
const login = { username: platform.registry.username, password: registryPassword };

test('a record in a real registry is the one that was attached, or differs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-record-'));
  const { layout, descriptor } = await imageOfFiles(folder, { test: `${process.pid}` });
  const { digest } = descriptor;
  const client = openRepository(parseRepository(name), login, signal);
  await pushImage(client, layout, { digest, tag: String(process.pid), progress() {} });
  await rm(folder, { recursive: true });
  const at = '2026-11-25T12:00:00.000Z';
  const times = { startedAt: at, finishedAt: at };
  const entry: StageEntry = { verdict: 'pass', reason: '', key: 'k', ...times, outputs: {}, evidence: [] };
  const before: DeliveryRecord = {
    ...{
      schemaVersion: 1,
      id: `check-${process.pid}`,
      service: { name: 'record-check' },
      source: { commit: 'c'.repeat(40) },
    },
    ...{ image: { digest }, stages: { prepare: entry, build: entry } },
  };
  const outputs = { reference: `${name}@${digest}`, digest };
  const record: DeliveryRecord = { ...before, stages: { ...before.stages, push: { ...entry, outputs } } };
  const check = async (of = record) =>
    (await checkRecord(of, new Map([[platform.registry.address, login]]), signal))?.state;
  expect(await check()).toBe('no-referrer');

  const subject = await headManifest(client, digest);
  const artifactType = 'application/vnd.fairway.delivery+json';
  await attachArtifact(client, subject!, {
    artifactType,
    content: Buffer.from(JSON.stringify(before)),
    title: 'delivery.json',
  });
  expect(await check()).toBe('verified');
  expect(await check({ ...record, source: { commit: 'd'.repeat(40) } })).toBe('differs');
});
