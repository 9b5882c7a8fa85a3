import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparisonMarkdown } from './chart.ts';
import { comparisonSchema } from './record.ts';
import type { Comparison } from './record.ts';

const stored = comparisonSchema.parse(
  JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../../docs/comparisons/2026-11-26-nvidia-h200.json'), 'utf8'),
  ),
);

/** The record of the GPU with a second vLLM that is as fast, so that there is somebody to compare with. */
function two(): Comparison {
  const [vllm] = stored.contenders;
  if (vllm?.result.outcome !== 'measured') throw new Error('the record has no figures of vLLM');
  const common = vllm.result.searches[0]!.runs.slice(0, 1);
  const whole = { ...vllm, result: { ...vllm.result, common } };
  return { ...stored, contenders: [whole, { ...whole, engine: 'sglang' as const }, ...stored.contenders.slice(1)] };
}

test('the summary has the chart of those that have scores, and why others have none', () => {
  const text = comparisonMarkdown(two());
  expect(text).toContain('x-axis ["vLLM", "SGLang"]');
  expect(text).toContain('line "Throughput" [100, 100]');
  expect(text).toContain('tied with SGLang');
  expect(text).toMatch(/^- Transformers: Its answers had \d+ tokens where 128 were asked for/m);
  expect(text).toContain('--compilation-config \'{"mode":0');
});

test('one engine alone has figures and no chart', () => {
  const text = comparisonMarkdown(stored);
  expect(text).not.toContain('mermaid');
  expect(text).toContain('| vLLM 0.24.0 | 8560 (8560 to ');
});

test('an engine that did not run stands in the table, without the lines that it printed last', () => {
  const [vllm, ...others] = stored.contenders;
  const gone = {
    ...vllm!,
    engine: 'tgi' as const,
    result: { outcome: 'did not run' as const, reason: 'it ended with 1\nTraceback' },
  };
  const text = comparisonMarkdown({ ...stored, contenders: [vllm!, gone, ...others] });
  expect(text).toContain('| TGI 0.24.0 | did not run | - | - |');
  expect(text).toMatch(/^- TGI: it ended with 1$/m);
  expect(text).not.toContain('Traceback');
});

test('without a common load the chart has the lines that there are, and an engine that lacks one is named', () => {
  const { contenders, ...more } = two();
  const [one, other, ...others] = contenders;
  const lacking = (given: typeof one) =>
    given?.result.outcome === 'measured' ? [{ ...given, result: { ...given.result, common: [] } }] : [];
  const none = comparisonMarkdown({ ...more, contenders: [...lacking(one), ...lacking(other), ...others] });
  expect(none).toContain('x-axis ["vLLM", "SGLang"]');
  expect(none).not.toContain('line "Latency"');
  expect(none).toContain('Lines in this order: Throughput, Efficiency.');
  const half = comparisonMarkdown({ ...more, contenders: [one!, ...lacking(other), ...others] });
  expect(half).toContain('x-axis ["vLLM"]');
  expect(half).toMatch(/^- SGLang: It has no score of latency/m);
});

test('the command has the variables of the engine, as a shell reads them', () => {
  const [vllm, ...others] = two().contenders;
  const environment = { OMP_NUM_THREADS: '1', EXTRA: 'two words' };
  const text = comparisonMarkdown({
    ...two(),
    contenders: [{ ...vllm!, command: ['serve', "it's"], environment }, ...others],
  });
  expect(text).toContain("OMP_NUM_THREADS=1 EXTRA='two words' serve 'it'\\''s'");
});

test('a comparison that was interrupted, and figures of one measurement, say so', () => {
  expect(comparisonMarkdown({ ...two(), unfinished: 'sha256:0' })).toContain('- The comparison was interrupted: ');
  expect(comparisonMarkdown(two())).toContain('- The common load was sent once, ');
  expect(comparisonMarkdown(stored)).toMatch(
    /^- The highest rate was looked for once, .*: vLLM, Transformers \(continuous batching\), /m,
  );
  expect(comparisonMarkdown(two())).not.toContain('interrupted');
});
