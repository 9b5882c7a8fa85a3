import { ConfigurationError } from './configuration-error.ts';
import { english, reasonOf } from './reasons/delivery-reason.ts';

const inFile = { file: 'fairway.yaml', line: 3, column: 1 };

test('an error of which one problem has a code has one as a whole, with its places', () => {
  const error = new ConfigurationError(reasonOf('prepare.noGpu'), inFile, [{ message: 'Unknown key.' }]);
  expect(error.message).toBe('fairway.yaml:3:1: No GPU is asked for.\nUnknown key.');
  expect(error.coded && english(error.coded)).toBe(error.message);
  expect(JSON.stringify(error.coded)).toContain('prepare.noGpu');
  expect(error.problems).toEqual([
    { message: 'No GPU is asked for.', at: inFile },
    { message: 'Unknown key.', at: undefined },
  ]);
});

test('an error of sentences alone has no code', () => {
  expect(new ConfigurationError('Unknown key.', inFile).coded).toBeUndefined();
});
