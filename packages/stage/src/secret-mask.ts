import type { InputSpecs } from './inputs.ts';

/**
 * Takes the secrets that a stage was given out of a text that the record or its evidence stores: both are attached to the image
 * and sent to the portal.
 */
export function secretMask(specs: InputSpecs, values: Readonly<Record<string, unknown>>): (text: string) => string {
  const secrets = Object.entries(specs).flatMap(([name, { type }]) => {
    const value = values[name];
    // evidence is mostly JSON, which has quotation marks and ends of lines in other characters
    return type === 'secret' && typeof value === 'string' && value !== ''
      ? [value, JSON.stringify(value).slice(1, -1)]
      : [];
  });
  // of one that begins another nothing is left over
  secrets.sort((a, b) => b.length - a.length);
  return text => secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}
