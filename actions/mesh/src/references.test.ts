import { parseGateway, parseServiceReference } from './references.ts';

test('references', () => {
  expect(parseGateway('a/b')).toEqual({ namespace: 'a', name: 'b' });
  expect(parseServiceReference('waf-service', 'a/b:1')).toEqual({ namespace: 'a', name: 'b', port: 1 });
  expect(() => parseGateway('b')).toThrow('The input gateway takes namespace/name of a Gateway; found "b".');
  expect(() => parseServiceReference('waf-service', 'a/b')).toThrow(
    'The input waf-service takes namespace/name:port of a Service; found "a/b".',
  );
});
