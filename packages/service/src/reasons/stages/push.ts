/** What the stage `push` says. */
export const pushTexts = {
  'push.signed':
    'Pushed {{image}} as {{digest}}, {{size}} MB in {{blobs}} new blobs, with {{documents}} documents attached, {{statements}} statements about it signed.',
  'push.unsigned':
    'Pushed {{image}} as {{digest}}, {{size}} MB in {{blobs}} new blobs, with {{documents}} documents attached, not signed.',
} as const;
