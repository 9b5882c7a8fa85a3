import { join } from 'node:path';
import { loadService } from '@fairway/service';
import { engineVersion, versionIn } from './version.ts';

test.each([
  ['FROM vllm/vllm-openai:v0.24.0@sha256:00\n', '0.24.0'],
  ['FROM docker.io/vllm/vllm-openai:v0.32.1-cu129 AS base', '0.32.1'],
  ['RUN uv pip install vllm==0.10.2', '0.10.2'],
  ["vllm==0.32.0 ; sys_platform == 'linux' \\\n    --hash=sha256:00", '0.32.0'],
  ['[[package]]\nname = "vllm"\nversion = "0.24.0"\nsource = { registry = "https://pypi.org/simple" }', '0.24.0'],
  ['my-vllm==9.9', undefined],
  ['FROM vllm/vllm-openai:latest', undefined],
  ['FROM debian:13', undefined],
  ['', undefined],
])('%j has vLLM %s', (text, expected) => {
  expect(versionIn('vllm', text)).toBe(expected);
});

test.each([
  ['hello-vllm', /^0\.\d+\.\d+$/],
  ['hello-transformers', /^\d+\.\d+\.\d+$/],
  ['hello-fastchat', /^0\.2\.\d+$/],
  ['hello-tgi', /^3\.\d+\.\d+$/],
])('the example %s says its version', async (example, version) => {
  const folder = join(import.meta.dirname, '../../../examples', example);
  expect(await engineVersion(folder, await loadService(folder))).toMatch(version);
});
