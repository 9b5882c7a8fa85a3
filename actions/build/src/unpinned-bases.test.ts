import { unpinnedBases } from './unpinned-bases.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const base = (name: string) => ({ name, below: true, id: 'not pulled yet' });

test('a base by its tag alone is said with the digest that the build read, and no other base', () => {
  const planned = [base('debian:12'), base(`nvidia/cuda:13@${digest}`), base('fairway-base:bookworm'), base('busybox')];
  const read = [
    { name: 'docker.io/library/busybox:latest', digest },
    { name: 'docker.io/library/debian:12', digest },
    { name: 'docker.io/library/fairway-base:bookworm' },
    { name: `docker.io/nvidia/cuda:13@${digest}`, digest },
  ];
  expect(unpinnedBases(planned, read)).toEqual([
    `debian:12 is named by its tag, which may be another image tomorrow; this build read ${digest}. Write debian:12@${digest}, and the same source gives the same image.`,
    expect.stringContaining(`Write busybox@${digest},`),
  ]);
});
