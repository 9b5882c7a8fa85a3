import { parseServiceFile } from '@fairway/service/service-file';
import { checkArguments } from './check-arguments.ts';
import { checkNodes } from './check-nodes.ts';

const file = (engine: string) =>
  parseServiceFile(
    `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
owner: team
engine: ${engine}
model: { name: hello, reference: 'hf://a/b@${'0'.repeat(40)}' }
resources: { gpu: { class: nvidia-h100-80gb, count: 8 } }
workload: { kind: LeaderWorkerSet, nodes: 2 }
`,
    '.',
    'fairway.yaml',
  );

test('an engine that Fairway cannot start on several nodes is reported', () => {
  expect(() => checkNodes(file('{ name: sglang }'))).toThrow(
    /^fairway\.yaml:8:43: `workload\.nodes` is 2, and Fairway knows how .* with vllm only, not with sglang/,
  );
});

test('copies of the model are replicas', () => {
  expect(() => checkNodes(file('{ name: vllm, arguments: [-dp=2] }'))).toThrow(
    /^fairway\.yaml:5:35: `engine\.arguments\[0\]` makes copies of the model/,
  );
  expect(() => checkNodes(file('{ name: vllm, arguments: [--enforce-eager] }'))).not.toThrow();
});

test.each(['--pipeline-parallel-size=4', '--master-addr', '-r', '--headless'])(
  '%s is given by Fairway on several nodes',
  argument => {
    expect(() => checkArguments(file(`{ name: vllm, arguments: ['${argument}'] }`))).toThrow(
      'which Fairway gives itself',
    );
  },
);
