/** What the stage `build` says. */
export const buildTexts = {
  'build.passed': 'Built {{image}} ({{size}} MB).',
  'build.passedCached': 'Built {{image}} ({{size}} MB, {{cached}} of {{steps}} steps from the cache).',
  'build.root':
    'The image runs as root, which pods refuse: end the Dockerfile with a numeric user such as USER 65532:65532.',
  'build.namedUser':
    'The image\'s user "{{user}}" is a name, of which a pod cannot tell whether it is root: give its number in USER.',
} as const;
