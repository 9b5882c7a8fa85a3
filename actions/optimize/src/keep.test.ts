import { leftOut } from './keep.ts';

test.each([
  ['var/lib/dpkg/status', false],
  ['var/lib/dpkg/info/libssl3.list', false],
  ['usr/share/doc/libssl3', false],
  ['usr/share/doc/libssl3/copyright', false],
  ['usr/share/doc/libssl3/changelog.Debian.gz', true],
  ['usr/share/doc/perl/examples/a.pl', true],
  ['usr/share/common-licenses/GPL-2', false],
  ['usr/share/man/man1/ls.1.gz', true],
  ['usr/share/locale/de/LC_MESSAGES/apt.mo', true],
  ['usr/share/locale/locale.alias', false],
  ['usr/lib/locale/C.utf8/LC_CTYPE', false],
  ['var/lib/apt/lists/x_InRelease', true],
  ['var/cache/apt/pkgcache.bin', true],
  ['var/log/dpkg.log', true],
  ['usr/lib/python3/x/__pycache__/a.pyc', true],
  ['usr/lib/python3/x/a.py', false],
  ['root/.cache/pip/http-v2/a', true],
  ['root/.cache/uv/wheels-v5/a', true],
  // HF_HOME, TORCH_HOME and VLLM_CACHE_ROOT where nothing sets them
  ['root/.cache/huggingface/hub/models--a/blobs/b', false],
  ['root/.cache/torch/hub/checkpoints/a.pt', false],
  ['root/.cache/vllm/torch_compile_cache/a', false],
  ['models/tmp/weights.gguf', false],
  ['usr/share/doc.txt', false],
])('%s', (path, expected) => {
  expect(leftOut(path, false, { bytecode: true })).toBe(expected);
});

test('a Python engine keeps its compiled modules', () => {
  expect(leftOut('venv/lib/vllm/__pycache__/a.pyc', false, { bytecode: false })).toBe(false);
});

test.each([
  ['var/lib/apt/lists/partial', false],
  ['var/log/apt', false],
  ['run/lock', false],
  ['usr/share/doc/libssl3', false],
  ['usr/share/doc/perl/examples', true],
  ['usr/share/man/man1', true],
])('folder %s', (path, expected) => {
  expect(leftOut(path, true, { bytecode: true })).toBe(expected);
});
