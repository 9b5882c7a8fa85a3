import { ToolError } from '../tool-error.ts';
import { clusterUid } from './cluster-uid.ts';

const answering = (answer: () => unknown) => ({ request: async <T>() => answer() as T });

test('a cluster is told by its namespace kube-system, where it may be read', async () => {
  const uid = '2c1f6d8e-0a5b-4a53-9a55-6b1f0c5d7e11';
  expect(await clusterUid(answering(() => ({ metadata: { uid } })))).toBe(uid);
  const refuse = (status: number) => () => {
    throw new ToolError('kubernetes', 'GET', status, 'no');
  };
  expect(await clusterUid(answering(refuse(403)))).toBeUndefined();
  await expect(clusterUid(answering(refuse(500)))).rejects.toThrow(/ended with 500/);
});
