import { engineVersion } from './version.ts';

test.each([
  ['FROM vllm/vllm-openai:v0.24.0@sha256:00\n', '0.24.0'],
  ['FROM docker.io/vllm/vllm-openai:v0.32.1-cu129 AS base', '0.32.1'],
  ['FROM vllm/vllm-openai:latest', undefined],
  ['FROM debian:13', undefined],
  ['', undefined],
])('%j has vLLM %s', (dockerfile, expected) => {
  expect(engineVersion('vllm', dockerfile)).toBe(expected);
});
