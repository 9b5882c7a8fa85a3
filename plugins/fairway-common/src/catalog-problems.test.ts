import { catalogProblems } from './catalog-problems.ts';

test('what the catalog cannot show is said with what to write instead', () => {
  expect(catalogProblems({ owner: 'team-hello', system: 'examples' })).toEqual([]);
  expect(catalogProblems({ owner: 'user:default/jane' })).toEqual([]);
  expect(catalogProblems({ owner: '' })).toEqual([
    expect.stringMatching(/The owner "" is no entity reference.*team-hello/),
  ]);
  const [owner = '', system] = catalogProblems({ owner: 'x'.repeat(255), system: 'größe' });
  expect(owner.length).toBeLessThan(400);
  expect(system).toContain('The system "größe"');
});
