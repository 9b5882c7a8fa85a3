import { firstForm } from '../capacity/fit/fit-form.ts';
import { formOf, valueOf } from './fit-value.ts';

test('the form and its value are the same thing', () => {
  const form = { ...firstForm, gpuClass: 'nvidia-l4-24gb', replicas: '2' };
  expect(formOf(valueOf(form))).toEqual(form);
  const named = { ...form, model: 'Qwen/Qwen3-8B' };
  expect(formOf(valueOf(named))).toEqual(named);
  expect(formOf(undefined)).toEqual(firstForm);
});

test('what is not filled in well is left out of the value', () => {
  const value = valueOf({ ...firstForm, headDim: '', replicas: 'two', gpusPerReplica: '17' });
  expect(JSON.parse(JSON.stringify(value))).toEqual({ contextLength: 8192, sequences: 16 });
});
