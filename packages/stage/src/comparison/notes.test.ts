import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparisonNotes } from './notes.ts';
import { comparisonSchema } from './record.ts';

const stored = comparisonSchema.parse(
  JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../../docs/comparisons/2026-11-26-cpu-2-cores.json'), 'utf8'),
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
  const notes = comparisonNotes(stored);
  expect(notes.slice(-stored.notes.length)).toEqual(stored.notes);
  // its own note says so too
  expect(notes[0]).toMatch(/^The common load was sent once, .*: vLLM, FastChat, Transformers, llama.cpp\.$/);
});
