import { isBuiltin } from 'node:module';

/** The npm package that an import names; none for files of the same package and for modules of Node itself. */
export function packageName(specifier: string): string | undefined {
  if (/^[./]/.test(specifier) || isBuiltin(specifier)) return undefined;
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)![0];
}

/** Packages of this repository that are not published. Their code goes into the plugins that need it. */
export const isOurs = (specifier: string) => /^@fairway\/(?!backstage-plugin-)/.test(specifier);
