import { RememberedAnswers } from './remembered-answers.ts';

test('a resource is asked once for each of the conditions, and the ones asked longest ago are forgotten', () => {
  const asked: string[] = [];
  const answers = new RememberedAnswers();
  const may = (conditions: string) =>
    answers.of({ conditions }, ({ service }) => {
      asked.push(`${conditions} ${service}`);
      return service === conditions;
    });
  for (const times of [1, 2]) {
    expect([times, may('a')({ service: 'a' }), may('a')({ service: 'b' }), may('b')({ service: 'b' })]).toEqual([
      ...[times, true, false, true],
    ]);
  }
  expect(asked).toEqual(['a a', 'a b', 'b b']);
  // another owner is another question
  may('a')({ service: 'a', owner: 'group:default/x' });
  expect(asked.splice(0)).toHaveLength(4);
  for (let other = 0; other < 40; other++) may(String(other))({ service: 'x' });
  may('a')({ service: 'a' });
  expect(asked).toContain('a a');
});

test('names that somebody made up answer for no other name, and fill no memory', () => {
  const may = new RememberedAnswers().of({}, ({ namespace }) => namespace === 'own');
  expect(may({ namespace: 'own', service: 'a/b' })).toBe(true);
  expect(may({ namespace: 'own/a', service: 'b' })).toBe(false);
  expect(may({ namespace: 'other', service: 'a', owner: '' })).toBe(false);

  const asked: string[] = [];
  const flooded = new RememberedAnswers().of({}, ({ service = '' }) => {
    asked.push(service);
    return true;
  });
  for (let name = 0; name < 50_000; name++) flooded({ namespace: 'own', service: String(name) });
  // what is asked again was forgotten, so it takes no room
  asked.length = 0;
  for (let name = 0; name < 10_000; name++) flooded({ namespace: 'own', service: String(name) });
  expect(asked).toHaveLength(10_000);
});
