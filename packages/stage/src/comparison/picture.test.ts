import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { comparisonSvg } from './picture.ts';
import { comparisonSchema } from './record.ts';
import type { Contender } from './record.ts';

interface Drawn {
  readonly textContent: string;
  getAttribute(name: string): string | null;
}
interface Picture {
  readonly documentElement: Drawn;
  querySelectorAll(selector: string): Iterable<Drawn> & { readonly length: number };
}
// its types bring those of browsers into every file of the project
const { JSDOM } = createRequire(import.meta.url)('jsdom') as {
  JSDOM: new (text: string, options: { contentType: string }) => { window: { document: Picture } };
};

const stored = comparisonSchema.parse(
  JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../../docs/comparisons/2026-11-30-cpu-2-cores.json'), 'utf8'),
  ),
);
const measured = stored.contenders.filter(({ result }) => result.outcome === 'measured');
const tgi: Contender = {
  ...measured[0]!,
  engine: 'tgi',
  result: { outcome: 'did not run', reason: 'there is no program <text-generation-launcher> & no image\nat line 1' },
};

/** @throws when it is no well-formed XML */
function drawn(contenders: readonly Contender[]) {
  const { document } = new JSDOM(comparisonSvg({ ...stored, contenders: [...contenders] }), {
    contentType: 'image/svg+xml',
  }).window;
  const texts = [...document.querySelectorAll('text')].map(({ textContent }) => textContent);
  return { document, texts };
}

test('an engine that did not run has its column and its reason, and no point', () => {
  const without = drawn(measured);
  const { document, texts } = drawn([...measured, tgi]);
  expect(texts).toContain('TGI');
  expect(texts).toContain('did not run');
  expect(texts).toContain('TGI, did not run: there is no program <text-generation-launcher> & no image');
  expect(document.querySelectorAll('circle')).toHaveLength(without.document.querySelectorAll('circle').length);
  expect(without.texts).not.toContain('did not run');
});

test('ties are named, and colors of a terminal break nothing', () => {
  const [one, other] = measured;
  const same: Contender = { ...one!, engine: 'sglang' };
  const { texts } = drawn([
    one!,
    same,
    { ...tgi, result: { outcome: 'did not run', reason: '\u001b[31mno GPU\u001b[0m' } },
  ]);
  expect(texts).toContain('Tied in throughput: vLLM with SGLang.');
  expect(texts.some(text => text.includes('no GPU'))).toBe(true);
  expect(drawn([one!, other!]).texts.filter(text => text.startsWith('Tied'))).toEqual([]);
});

test('the picture loads nothing, and its scores differ in dashes and marks', () => {
  const { document } = drawn(stored.contenders);
  expect(document.querySelectorAll('[href], image, style, script')).toHaveLength(0);
  const dashes = [...document.querySelectorAll('[stroke-dasharray]')].map(one => one.getAttribute('stroke-dasharray'));
  expect(new Set(dashes).size).toBe(3);
  for (const marks of ['circle', 'rect[width="9"]:not([transform])', 'rect[transform]'])
    expect(document.querySelectorAll(marks).length).toBeGreaterThan(1);
});

test('every point is inside the picture', () => {
  const { document } = drawn([...measured, tgi]);
  const [, , width, height] = document.documentElement.getAttribute('viewBox')!.split(' ').map(Number);
  for (const one of document.querySelectorAll('text, circle')) {
    const at = (...names: string[]) => Number(names.map(name => one.getAttribute(name)).find(value => value !== null));
    expect(at('x', 'cx')).toBeGreaterThan(0);
    expect(at('x', 'cx')).toBeLessThan(width!);
    expect(at('y', 'cy')).toBeGreaterThan(0);
    expect(at('y', 'cy')).toBeLessThan(height!);
  }
});
