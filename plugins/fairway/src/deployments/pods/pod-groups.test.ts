import type { PodView } from '@fairway/backstage-plugin-fairway-common';
import { podGroups } from './pod-groups.ts';

const pod = (name: string, state: PodView['state'], reason?: string): PodView => ({
  ...{ name, state, reason, phase: 'Running', restarts: 0 },
});
const shown = (pods: readonly PodView[]) =>
  podGroups(pods).map(({ state, reason, pods: of }) => [state, reason, of.map(({ name }) => name).join(' ')]);

test('what fails comes first, and pods of one reason stand together, those of the most frequent one first', () => {
  expect(
    shown([
      pod('a', 'ready'),
      pod('b', 'failing', 'No node has a free GPU.'),
      pod('c', 'ending', 'It finishes its streams.'),
      pod('d', 'failing', 'The image is not there.'),
      pod('e', 'starting', 'It loads the model.'),
      pod('f', 'ready'),
      pod('g', 'failing', 'The image is not there.'),
    ]),
  ).toEqual([
    ['failing', 'The image is not there.', 'd g'],
    ['failing', 'No node has a free GPU.', 'b'],
    ['starting', 'It loads the model.', 'e'],
    ['ending', 'It finishes its streams.', 'c'],
    ['ready', undefined, 'a f'],
  ]);
});

test('where each pod has a reason of its own, no pod is lost and the rows stay few', () => {
  const pods = Array.from({ length: 3000 }, (_, index) => pod(`p-${index}`, 'failing', `p-${index} is ill.`));
  const groups = podGroups([...pods, pod('q', 'failing', 'p-0 is ill.')]);
  expect(groups.length).toBeLessThan(10);
  expect(groups.flatMap(group => group.pods)).toHaveLength(3001);
  expect(groups[0]?.pods.map(({ name }) => name)).toEqual(['p-0', 'q']);
});
