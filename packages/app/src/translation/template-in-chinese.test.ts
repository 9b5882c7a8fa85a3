import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { templateInChinese } from './template-in-chinese.ts';
import { templateTexts } from './template-texts-chinese.ts';

const file = join(__dirname, '../../../../templates/inference-service/template.yaml');
const { metadata, spec } = parse(readFileSync(file, 'utf8'), { merge: true }) as {
  metadata: { title: string; description: string };
  spec: { parameters: object[]; steps: { name: string }[] };
};

/** All that a form shows of a schema, found without the code under test: by RJSF and ajv-errors these keywords alone are texts. */
function textsOf(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => {
    if (['title', 'description'].includes(key) && typeof value === 'string') return [value];
    if (key === 'enumNames' || key === 'errorMessage') return Object.values(value as object) as string[];
    return textsOf(value);
  });
}

const shown = [
  ...[metadata.title, metadata.description],
  ...textsOf(spec.parameters),
  ...spec.steps.map(({ name }) => name),
];

test('everything that the template asks has its Chinese, and nothing else has', () => {
  expect([...templateTexts.keys()].toSorted()).toEqual([...new Set(shown)].toSorted());
});

test('the form is in Chinese with its fields as they were, one of which is called description', () => {
  const form = { title: metadata.title, description: metadata.description, steps: spec.parameters };
  const chinese = templateInChinese(form);
  expect(textsOf(chinese).filter(text => /[a-z]{4,} [a-z]{2,}/.test(text))).toEqual([]);
  const bare = (part: unknown) =>
    JSON.parse(
      JSON.stringify(part, (key, value: unknown) =>
        ['enumNames', 'errorMessage'].includes(key) ||
        (['title', 'description'].includes(key) && typeof value === 'string')
          ? undefined
          : value,
      ),
    ) as unknown;
  expect(bare(chinese)).toEqual(bare(form));
});

test('another template stays as it was written', () => {
  const other = {
    title: 'A website',
    steps: [{ title: 'Colours', schema: { properties: { name: { title: 'Who?' } } } }],
  };
  expect(templateInChinese(other)).toEqual(other);
});
