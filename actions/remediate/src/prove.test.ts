import { english, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { weakerProof } from './prove.ts';

const obstacle = reasonOf('smoke.noGpu');
const passed = { name: 'the engine says its version', before: undefined, after: undefined };
const never = { name: 'Python imports vllm', before: 'exit code 1: no CUDA', after: 'exit code 1: no CUDA' };

test('what the programs did before and do now is enough to go on, and is said to be less than an answer', () => {
  const proof = weakerProof([passed, never], obstacle);
  expect(proof.verdict).toBe('pass');
  expect(english(proof.reason)).toMatch(
    /\(the engine says its version\), which proves less than an answer: the service needs/,
  );
});

test('a program that the patch broke fails it, though another one still runs', () => {
  const broken = { ...passed, name: 'every library is there', after: 'exit code 1: libssl.so.3 => not found' };
  const { verdict, reason } = weakerProof([passed, broken], obstacle);
  expect(verdict).toBe('fail');
  expect(english(reason)).toContain('libssl.so.3');
});

test('an image in which nothing runs is inconclusive', () => {
  expect(weakerProof([never], obstacle).verdict).toBe('inconclusive');
});
