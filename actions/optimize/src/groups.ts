/** What changes together has a layer, what changes least the lowest; names stand in the image's history. */
export const groups = ['GPU libraries', 'packages of languages', 'model', 'packages of the distribution', 'service'];

// folders of packages, by whatever manager: gigabytes that change with torch, and what changes with a lock file
const gpuLibraries =
  /(^|\/)(site|dist)-packages\/(nvidia|torch|torchaudio|torchvision|triton|flashinfer|cupy|xformers)([-_.\/]|$)/;
const languagePackages = /(^|\/)((site|dist)-packages|node_modules)\//;
const model = /^models(\/|$)/;
const distribution = /^(usr(?!\/local(\/|$))|bin|sbin|lib(32|64|x32)?|etc|var|boot)(\/|$)/;

/** The group of a path, as its number in `groups`. */
export function groupOf(path: string): number {
  const found = [gpuLibraries, languagePackages, model, distribution].findIndex(rule => rule.test(path));
  return found < 0 ? groups.length - 1 : found;
}
