import { resolveInputs } from './index.ts';

const name = (input: string) => `Input ${input}`;

describe('resolveInputs', () => {
  it.each([
    [{ type: 'number', description: '' } as const, '3.5', 3.5],
    [{ type: 'boolean', description: '' } as const, 'true', true],
    [{ type: 'list', description: '' } as const, 'a\n\n b ', ['a', 'b']],
    [{ type: 'string', description: '', default: 'x' } as const, '', 'x'],
    [{ type: 'string', description: '', environment: 'DOCKER_HOST' } as const, '', 'unix:///docker.sock'],
  ])('%j of "%s"', (spec, given, expected) => {
    const values = resolveInputs(
      { value: spec },
      { value: given },
      undefined,
      { DOCKER_HOST: 'unix:///docker.sock' },
      name,
    );
    expect(values.value).toEqual(expected);
  });

  it.each([
    ['number', 'three', 'Input value takes a number; found "three".'],
    ['boolean', 'yes', 'Input value takes true or false; found "yes".'],
  ] as const)('refuses a %s that is "%s"', (type, given, message) => {
    expect(() => resolveInputs({ value: { type, description: '' } }, { value: given }, undefined, {}, name)).toThrow(
      message,
    );
  });
});
