import { templateTexts } from './template-texts-chinese.ts';

/** What a template says to people by these names, wherever they stand. */
const said: readonly string[] = ['title', 'description', 'name', 'enumNames', 'errorMessage'];

/** A copy of the form or the steps of a template in Chinese; what nobody translated, such as another template, stays as it was written. */
export function templateInChinese<Part>(part: Part): Part {
  return copy(part, '') as Part;
}

/** @param name under which the part stands */
function copy(part: unknown, name: string): unknown {
  if (typeof part === 'string') return said.includes(name) ? (templateTexts.get(part) ?? part) : part;
  if (Array.isArray(part)) return part.map(one => copy(one, name));
  if (typeof part !== 'object' || part === null) return part;
  // a message has the name of the keyword that it is for
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, copy(value, name === 'errorMessage' ? name : key)]),
  );
}
