/** Why a finding is not fixed in a layer on the image. Texts are halves of sentences, and stand in `fix-plan.json`. */
export const fixTexts = {
  'fix.rebuild': 'rebuild {{program}} with {{build}} or newer, or take a release of it that was',
  'fix.theProgram': 'the program',
  'fix.crate': 'the crate {{name}} {{version}}',
  'fix.inFiles': ' (in {{files}})',
  'fix.inFilesAndOthers': ' (in {{files}} and others)',
  'fix.noneNewer': 'no version newer than {{installed}} has the fix{{where}}: the nearest that has it is {{atLeast}}',
  'fix.pnpm': 'pnpm put it where several packages share it{{where}}: require {{package}} {{atLeast}} in pnpm-lock.yaml',
  'fix.noNodeModules':
    'it lies in no node_modules under its own name{{where}}, so whoever put it there has to bring {{package}} {{atLeast}}',
  'fix.uvCache':
    "the scanner sees it in uv's cache{{where}}, with which environments share their files: leave the cache out of the image (UV_NO_CACHE=1, or a cache mount with UV_LINK_MODE=copy)",
  'fix.noPython':
    'it lies in no Python environment{{where}}, so whoever put it there has to bring {{package}} {{atLeast}}',
  'fix.ownBuild':
    'it is a build of its own, {{installed}}, from another index than the public one: require {{package}} {{atLeast}} where the service says what it needs',
  'fix.otherKind':
    'it is a package of the kind {{kind}}{{where}}, which belongs to the service: require {{package}} {{atLeast}} there',

  'fix.offered': 'its sources offer {{installed}}, and {{atLeast}} is needed',
  'fix.unread': '{{offered}}; a source could not be read: {{words}}',
  'fix.rejected': 'its upgrade was refused: {{words}}',
  'fix.noShell':
    'the image has no {{program}}, so that nothing can be upgraded in it: build on a newer base, or copy what it has from one',
  'fix.noManager': 'the image has no {{program}}, by which it would be upgraded: build on a newer base',
  'fix.notServed': 'the service no longer served with the newer packages of Python and Node ({{reason}})',
} as const;
