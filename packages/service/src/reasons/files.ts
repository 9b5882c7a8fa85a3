/** What is wrong with a file of the user. Texts without a period are parts of a sentence. */
export const fileTexts = {
  // where the description of a service is read
  'file.mayNotRead': '{{file}} may not be read by this user. Make it readable and run again.',
  'file.isFolder': '{{file}} is a folder; it must be the file that describes the service.',
  'file.noFolder': 'There is no folder {{folder}}. Name the folder that holds fairway.yaml.',
  'file.noFolderButFile': '{{folder}} is a file; name the folder that holds fairway.yaml.',
  'file.noService':
    'The folder {{folder}} has no fairway.yaml, so it is not a service. Name the folder that holds it, or create it with apiVersion, kind, name, owner, engine and model.',
  'file.tooLarge':
    '{{file}} has {{size}} KiB, and a description has {{most}} KiB at most. Take out what is no part of it.',
  'file.utf16': '{{file}} is UTF-16, as Windows PowerShell writes files. Save it as UTF-8.',
  'file.noUtf8': '{{file}} is no UTF-8 text. Save it as UTF-8.',
  'file.nameNoUtf8':
    'The name of "{{path}}" in {{folder}} is not UTF-8. Rename the file, or leave it out by .dockerignore.',
  'file.notRegular': '{{path}} is {{kind}}, and only regular files are read. Write the content to a file.',
  'file.aPipe': 'a pipe',
  'file.aSocket': 'a socket',
  'file.aDevice': 'a device',
  'environment.suffix': '{{file}} would not be read: files of environments end in .yaml. Rename it to {{right}}.',
  'environment.letters':
    '{{file}} would not be read for the environment "{{environment}}": upper and lower case differ. Rename it to {{right}}, or name {{other}}.',
  'environment.none':
    'There is no environment "{{environment}}": {{folder}} has {{files}}, and {{without}} needs no file. Name one of these, or add {{right}}.',

  // YAML
  'yaml.empty':
    'the file is empty. Describe the service: apiVersion, kind, name, owner, engine and model are required.',
  'yaml.conflict':
    'a merge left a conflict here. Choose one of the two sides, and remove the lines with <<<<<<<, ======= and >>>>>>>.',
  'yaml.twice': 'the key {{key}} is there twice in one mapping; keep one of them.',
  'yaml.invalid': 'this is not valid YAML: {{words}}',
  'yaml.invalidKey': 'this is not valid YAML: {{words}}. A text that holds a colon and a blank needs quotes.',
  'yaml.noAnchor':
    'this is not valid YAML: *{{alias}} stands for an anchor &{{alias}}, which is not before it. A text that begins with * needs quotes.',
  'yaml.secondDocument':
    'a second YAML document begins here, and the file describes one service. Remove the line ---, or move what follows it into a folder of its own.',
  'yaml.badKey':
    'a key must be text; found {{what}}. A text that begins with { or [ needs quotes, and a template has to be filled in before.',
  'yaml.mergeKey': 'the merge key << takes a mapping, an alias of one, or a list of them.',
  'yaml.overlay':
    'the file must be a mapping of keys of fairway.yaml that have another value in this environment, and of `inputs`. Remove it if there are none.',
  'yaml.fixedKey':
    '`{{key}}` is the same in every environment, because one image goes through all of them: change it in fairway.yaml.',
  'yaml.inputs':
    '`{{key}}` must be a mapping of inputs of the stages, such as context: production-eu; found {{found}}.',
  'yaml.input': '`{{key}}` must be a text or a list of texts; found {{found}}.',

  // values of fairway.yaml
  'field.mustBe': '{{key}} must be {{allowed}}; found {{found}}.',
  'field.rule': '{{key}} {{rule}}; found {{found}}.',
  'field.ruleAlone': '{{key}} {{rule}}.',
  'field.keyRule': 'The key of {{key}} {{rule}}.',
  'field.other': '{{key}} is {{found}}. {{advice}}.',
  'field.near': 'Did you mean {{near}}?',
  'field.missing': '{{key}} is missing; it is required.',
  'field.missingSaid': '{{key}} is missing; it is required ({{description}}).',
  'field.missingOf': '{{key}} is missing; it is required: {{allowed}}.',
  'field.missingSaidOf': '{{key}} is missing; it is required ({{description}}): {{allowed}}.',
  'field.unknown': '{{key}} is not a key of fairway.yaml. {{advice}}',
  'field.home': 'It belongs to {{homes}}.',
  'field.keysHere': 'Allowed here: {{keys}}.',
  'field.file': 'The file',
  'list.or': '{{first}} or {{second}}',
  'allowed.text': 'text',
  'allowed.number': 'a number',
  'allowed.whole': 'a whole number',
  'allowed.boolean': 'true or false',
  'allowed.list': 'a list',
  'allowed.mapping': 'a mapping',
  'allowed.someText': 'text that is not empty',
  'allowed.longList': 'a list of at least {{number}}',
  'allowed.least': 'at least {{number}}',
  'allowed.above': 'more than {{number}}',
  'allowed.most': 'at most {{number}}',
  'allowed.below': 'less than {{number}}',
  'allowed.longest': 'at most {{number}} characters long',
  'allowed.one': 'one of {{values}}',
  'found.nothing': 'nothing',
  'found.emptyText': 'empty text',
  'found.text': 'the text {{text}}',
  'found.number': 'the number {{number}}',

  // statements about findings
  'vex.unread':
    '`scan.vex` names {{file}}, which cannot be read ({{errno}}). Put the OpenVEX document there, or take the line out of fairway.yaml.',
  'vex.noJson': 'this is not JSON: {{words}}. `scan.vex` takes OpenVEX documents.',
  'vex.other': 'this is not an OpenVEX 0.2.0 document: {{problem}}',
} as const;
