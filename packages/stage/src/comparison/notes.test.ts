import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparisonNotes } from './notes.ts';
import { comparisonSchema } from './record.ts';

const stored = comparisonSchema.parse(
  JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../../docs/comparisons/2026-11-30-cpu-2-cores.json'), 'utf8'),
  ),
);

test('an engine that held every rate may hold more', () => {
  const contenders = stored.contenders.map(one =>
    one.engine === 'llamacpp' && one.result.outcome === 'measured'
      ? { ...one, result: { ...one.result, searches: one.result.searches.map(({ missed: _, ...search }) => search) } }
      : one,
  );
  expect(comparisonNotes({ ...stored, contenders })).toContain(
    'Held the highest rate that was sent, and may hold more: llama.cpp.',
  );
  expect(comparisonNotes(stored).join()).not.toContain('may hold more');
});

test('what was noted stays, behind what the figures do not say', () => {
  const contenders = stored.contenders.map(one =>
    one.result.outcome === 'measured'
      ? { ...one, result: { ...one.result, common: one.result.common.slice(0, 1) } }
      : one,
  );
  const notes = comparisonNotes({ ...stored, contenders });
  expect(notes.slice(-stored.notes.length)).toEqual(stored.notes);
  expect(notes[0]).toMatch(/^The common load was sent once, .*: vLLM, FastChat, Transformers, llama.cpp\.$/);
});

test('records from before the highest rate was sent right after a start say where their efficiency is from', () => {
  const contenders = stored.contenders.map(one => {
    if (one.result.outcome !== 'measured') return one;
    const { common, searches, outcome } = one.result;
    return { ...one, result: { common, searches, outcome } };
  });
  expect(comparisonNotes({ ...stored, contenders })).toContain(
    'Efficiency is that within the search for the highest rate, with the memory that the rates before it left behind: vLLM, FastChat, Transformers, llama.cpp.',
  );
  expect(comparisonNotes(stored).join()).not.toContain('Efficiency');
});
