import { groupOf, groups } from './groups.ts';

test.each([
  ['opt/venv/lib/python3.12/site-packages/torch/lib/libtorch_cuda.so', 'GPU libraries'],
  ['usr/local/lib/python3.12/dist-packages/nvidia/cublas/lib/libcublas.so.12', 'GPU libraries'],
  ['usr/lib/python3/dist-packages/torch-2.9.1.dist-info/METADATA', 'GPU libraries'],
  ['opt/venv/lib/python3.12/site-packages/torchmetrics/x.py', 'packages of languages'],
  ['usr/local/lib/python3.12/site-packages/vllm/engine.py', 'packages of languages'],
  ['app/node_modules/express/index.js', 'packages of languages'],
  ['opt/venv/lib/python3.12/site-packages', 'service'],
  ['models/hello/weights.gguf', 'model'],
  ['usr/lib/x86_64-linux-gnu/libssl.so.3', 'packages of the distribution'],
  ['lib64/ld-linux-x86-64.so.2', 'packages of the distribution'],
  ['var/lib/dpkg/status', 'packages of the distribution'],
  ['usr/local/bin/llama-server', 'service'],
  ['library/app.py', 'service'],
  ['app/main.py', 'service'],
  ['', 'service'],
])('%s: %s', (path, group) => {
  expect(groups[groupOf(path)]).toBe(group);
});
