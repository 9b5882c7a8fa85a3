import { serviceSchema } from './schema.ts';
import { tinyService } from '../../../test/fixtures/service.ts';

test('layers are gzip, without budgets, where nothing is said', () => {
  expect(tinyService().image).toEqual({ compression: 'gzip' });
});

test.each(['mesh', 'apply'])('a budget that nobody could judge is rejected: %s', field => {
  const other = { mesh: { mtls: 'istio' }, apply: { by: 'gitops', folder: '../out' } }[field];
  const { error } = serviceSchema.safeParse({
    ...tinyService(),
    ...{ release: undefined, image: { maxColdSeconds: 60 }, [field]: other },
  });
  expect(error?.issues).toMatchObject([{ path: ['image', 'maxColdSeconds'] }]);
});

test('a size is a quantity of Kubernetes', () => {
  expect(tinyService({ image: { maxSize: '8Gi' } }).image.maxSize).toBe('8Gi');
  expect(() => tinyService({ image: { maxSize: '8 GB' } })).toThrow();
});
