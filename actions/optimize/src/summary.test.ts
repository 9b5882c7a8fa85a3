import { english, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { optimizedReason, sizeSummary } from './summary.ts';
import type { SizeReport } from './summary.ts';

const answer = { text: 'Hello', firstTokenMilliseconds: 10, healthyMilliseconds: 500, coldFirstTokenMilliseconds: 800 };
const report: SizeReport = {
  ...{ from: 'sha256:1', to: 'sha256:2', compression: 'gzip', storedBefore: 40e6, storedAfter: 30e6 },
  ...{ sizeBefore: 100e6, sizeAfter: 80e6, layersBefore: 5, layersAfter: 3 },
  layers: [{ group: 'service', size: 5e6 }],
  dropped: { files: 3, bytes: 1e6 },
  ...{ answerBefore: answer, answerAfter: answer },
};

test('gzip says what it said before there were other forms', () => {
  expect(english(optimizedReason(report, undefined))).toBe(
    '100.0 MB became 80.0 MB (20 % less), and the model gives the same answer.',
  );
});

test('another form is named with the bytes in the registry', () => {
  expect(english(optimizedReason({ ...report, compression: 'zstd' }, undefined))).toBe(
    '100.0 MB became 80.0 MB (20 % less), and the model gives the same answer. The layers above those of the base are stored in the form zstd: 40.0 MB became 30.0 MB in the registry.',
  );
});

test('layers of which only the form differs need no answer of the engine', () => {
  const same = { ...report, answerBefore: undefined, answerAfter: undefined, compression: 'none', storedAfter: 95e6 };
  expect(english(optimizedReason(same, reasonOf('optimize.nothing')))).toBe(
    'The layers above those of the base are stored in the form none: 40.0 MB became 95.0 MB in the registry. Their content is what it was, because nothing in it can be left out.',
  );
  expect(sizeSummary(same)).toContain('| in the registry (none) | 40.0 MB | 95.0 MB |');
  expect(sizeSummary(same)).not.toContain('first token');
});
