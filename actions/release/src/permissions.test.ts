import { tinyService } from '../../../test/fixtures/service.ts';
import { needed } from './permissions.ts';

test('where a controller applies the objects, a release only moves what is there', () => {
  const apply = { by: 'gitops', folder: 'hello', repository: 'team/deployments', maxSeconds: 900 } as const;
  const asked = needed(tinyService({ apply }), false);
  const changing = asked.filter(({ verb }) => !['get', 'list', 'watch'].includes(verb));
  expect(changing.map(({ verb, resource }) => `${verb} ${resource}`).toSorted()).toEqual([
    'create leases',
    'patch deployments',
    'patch httproutes',
    'patch services',
    'update leases',
  ]);
  expect(needed(tinyService(), false)).toContainEqual(expect.objectContaining({ verb: 'delete' }));
});
