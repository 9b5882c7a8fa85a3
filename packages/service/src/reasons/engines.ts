/** What an engine does not do. Texts without a period are parts of a sentence. */
export const engineTexts = {
  // arguments of engines
  'engine.noHub':
    '`model.weights.from` is hub, and {{engine}} cannot load a given commit from there ({{others}} can). Put the model on a volume, and set model.weights to { from: volume, claim: <its PersistentVolumeClaim> }.',
  'engine.nodes':
    '`workload.nodes` is {{nodes}}, and Fairway knows how several nodes serve one model with vllm only, not with {{engine}}. Remove workload.nodes and workload.kind, or take vllm.',
  'engine.copies':
    '`engine.arguments[{{index}}]` makes copies of the model (data parallelism), which several nodes would have to find each other for in another way. Remove it, and set resources.replicas to the number of copies.',
  'engine.file':
    '`engine.arguments[{{index}}]` names {{path}}, which must hold a mapping of arguments to values in YAML. Correct the file.',
  'argument.own':
    '{{argument}}, which Fairway gives itself from the other fields of this file (model, serving, resources). Remove it here and set it there.',
  'argument.elsewhere':
    '{{argument}}, with which {{engine}} no longer answers everybody in plain HTTP at its port. The probes of its pods and the gateway ask there: remove it. The gateway ends TLS and lets clients in, and `mesh` encrypts the way to the pods.',
  'argument.gives': '`engine.arguments[{{index}}]` gives {{problem}}',
  'argument.underscores': '{{argument}}, and {{engine}} reads no underscores there. Write {{right}}.',
  'argument.equals':
    '{{argument}}, and {{engine}} takes no value behind "=". Write the value as an argument of its own.',
  'argument.ambiguous':
    '{{argument}}, which may stand for {{meant}}, so {{engine}} does not start. Write the whole name.',
  'argument.switch': '{{argument}}, and {{engine}} takes no value there. Write {{right}}, or leave it out.',
  'argument.noValue': '{{argument}} without a value. Write the value behind it.',
  'argument.badValue': '{{argument}} the value "{{value}}", and {{engine}} reads {{wanted}} there. Correct it.',
  'argument.size': 'a whole number or a size such as 32k',
  'engine.notScaled':
    '`scaling` goes by the metrics of the engine, and {{engine}} does not tell how many requests wait and run. Remove it and set `resources.replicas`, or take an engine that does.',
} as const;
