import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expandWord, splitWords } from './dockerfile-words.ts';

// the variables that BuildKit's own test sets
const environment = new Map([
  ['PWD', '/home'],
  ['SHELL', 'bash'],
  ['KOREAN', '한국어'],
  ['NULL', ''],
]);
const lines = readFileSync(join(__dirname, 'buildkit-words.txt'), 'utf8')
  .split('\n')
  .filter(line => /^[AU]\|/.test(line));

test.each(lines)('%s', line => {
  const [, word = '', expected = ''] = line.split('|').map(part => part.trim());
  if (expected === 'error') expect(() => expandWord(word, environment)).toThrow(/./);
  else expect(expandWord(word, environment)).toBe(expected);
});

// the cases of modifiers in BuildKit's lex_test.go
test.each<[string, Record<string, string>, string]>([
  ['${FOO-aaa} ${BAR-bbb} ${BAZ-ccc}', { BAR: '', BAZ: 'baz' }, 'aaa  baz'],
  ['${FOO:-aaa} ${BAR:-bbb} ${BAZ:-ccc}', { BAR: '', BAZ: 'baz' }, 'aaa bbb baz'],
  ['${FOO+aaa} ${BAR+bbb} ${BAZ+ccc}', { BAR: '', BAZ: 'baz' }, ' bbb ccc'],
  ['${FOO:+aaa} ${BAR:+bbb} ${BAZ:+ccc}', { BAR: '', BAZ: 'baz' }, '  ccc'],
  ['${FOO#()[]{\\}^$.\\*\\?|\\\\}', { FOO: '()[]{}^$.*?|\\x' }, 'x'],
  ['${FOO%%\\**}', { FOO: 'xx**' }, 'xx'],
  ['${FOO#*x*y}', { FOO: 'xxyy' }, 'y'],
  ['${FOO##*x}', { FOO: 'xxyy' }, 'yy'],
  ['${FOO#$BAR}', { FOO: 'xxyy', BAR: 'x' }, 'xyy'],
  ['${FOO%%\\**\\*}', { FOO: 'a***yy*' }, 'a'],
  ['${FOO%}', { FOO: 'xxyy' }, 'xxyy'],
  ['${FOO/$NEEDLE/.} - ${FOO//$NEEDLE/.}', { FOO: '/foo*/*/*.txt', NEEDLE: '\\*/' }, '/foo.*/*.txt - /foo..*.txt'],
  ['${FOO/$NEEDLE/} - ${FOO//$NEEDLE/}', { FOO: '/foo*/*/*.txt', NEEDLE: '\\*/' }, '/foo*/*.txt - /foo*.txt'],
  ['${FOO//\\//\\/}', { FOO: '/tmp/foo.txt' }, '\\/tmp\\/foo.txt'],
])('%s with %p is %s', (word, variables, expected) => {
  expect(expandWord(word, new Map(Object.entries(variables)))).toBe(expected);
});

test.each(['${FOO:#}', '${FOO:%%}', '${FOO//ww}', '${FOO#\\x}', '${FOO=aaa}'])('%s is no word', word => {
  expect(() => expandWord(word, new Map())).toThrow(/./);
});

test.each<[string, readonly string[]]>([
  ['a=1 b="x y"  c=', ['a=1', 'b="x y"', 'c=']],
  [`a='x y'z b\\ c`, [`a='x y'z`, 'b\\ c']],
  ['a="x\\" y" b', ['a="x\\" y"', 'b']],
])('%s has the words %p', (text, expected) => {
  expect(splitWords(text, '\\')).toEqual(expected);
});
