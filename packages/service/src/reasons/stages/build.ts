/** What the stage `build` says. */
export const buildTexts = {
  'build.passed': 'Built {{image}} ({{size}} MB).',
  'build.passedCached': 'Built {{image}} ({{size}} MB, {{cached}} of {{steps}} steps from the cache).',
  'build.root':
    'The image runs as root, which pods refuse: end the Dockerfile with a numeric user such as USER 65532:65532.',
  'build.namedUser':
    'The image\'s user "{{user}}" is a name, of which a pod cannot tell whether it is root: give its number in USER.',
  'build.otherProcessor':
    'The image is built for {{architecture}}, and {{nodes}} have {{wanted}} processors. Build it on a machine with that processor, such as a runner of the label ubuntu-24.04-arm, or with FROM --platform=linux/{{wanted}} and an emulator.',
  'build.nodesOfClass': 'nodes with {{gpu}}',
  'build.nodesSelected': 'nodes with the label {{label}}',
} as const;
