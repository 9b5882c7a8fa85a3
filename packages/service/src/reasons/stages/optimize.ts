/** What the stage `optimize` says. */
export const optimizeTexts = {
  'optimize.smaller': '{{before}} became {{after}} ({{percent}} % less), and the model gives the same answer.',
  'optimize.asItIs': 'The image was left as it is, because {{why}}.',
  'optimize.unproved': 'a smaller one could not be proved: {{obstacle}}',
  'optimize.nothing': 'nothing in it can be left out',
  'optimize.form':
    'The layers above those of the base are stored in the form {{compression}}: {{before}} became {{after}} in the registry.',
  'optimize.sameContent': 'Their content is what it was, because {{why}}.',
  'optimize.overSize':
    'The layers of the image have {{size}} in the registry, and image.maxSize allows {{most}}. Install less, let the pods fetch the model (model.weights), or allow more.',
  'optimize.configuration': 'The smaller image has another configuration than the given one.',
  'optimize.silent': 'The smaller image does not serve: {{words}}',
  'optimize.answer': 'The model answers "{{after}}" from the smaller image and "{{before}}" from the given one.',
  'optimize.hidden': 'The smaller image hides packages from the scanner: {{packages}}.',
  'optimize.blocked': 'The scan of the smaller image stops the delivery: {{findings}}. Run scan and remediate again.',
  'optimize.finding': '{{id}} in {{package}}',
} as const;
