import { registryBase } from './registry-base.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const read = [
  { name: 'docker.io/library/debian:12', digest },
  { name: 'docker.io/library/busybox:latest', digest },
  { name: 'docker.io/library/hello-base:1' },
  { name: 'registry.example.com:5000/team/base:latest', digest },
];

test.each([
  ['debian:12', `debian:12@${digest}`],
  ['busybox', `busybox:latest@${digest}`],
  // what is behind the colon is no tag
  ['registry.example.com:5000/team/base', `registry.example.com:5000/team/base:latest@${digest}`],
  [`node:24@${digest}`, `node:24@${digest}`],
  // the daemon alone has it
  ['hello-base:1', undefined],
])('the base %s', (name, expected) => {
  const planned = [
    { name: 'golang:1', below: false, id: digest },
    { name, below: true, id: digest },
  ];
  expect(registryBase(planned, read)).toBe(expected);
});
