/** What the API of the portal says to people in place of an answer, and of a delivery that went silent. */
export const answerTexts = {
  'delivery.silent':
    'Nothing was heard of it since {{heard}}, which is longer than a stage may take: its runner may have died, or waits for an approval. Look at {{where}}, and deliver again if it has ended; when it goes on, so does this.',
  'delivery.silentAfter':
    'Nothing was heard of it since {{heard}}, which is longer than a stage may take: its runner may have died, or waits for an approval. Its last stage said: {{words}} Look at {{where}}, and deliver again if it has ended; when it goes on, so does this.',
  'delivery.terminal': 'the terminal in which it was started',

  'answer.permission':
    'This needs the permission {{permission}}, which you do not have in this portal. Ask its operator for it.',
  'answer.permissionFor':
    'This needs the permission {{permission}} for {{service}}, which you do not have in this portal. Ask its operator for it.',
  'answer.people': 'This is done by people, whose name others then see: sign in to the portal.',
  'answer.query': 'The query of {{operation}} is not what this operation takes: {{words}}. Nothing was changed.',
  'answer.body': 'The body of {{operation}} is not what this operation takes: {{words}}. Nothing was changed.',
  'answer.unseenService': 'There is no service {{service}} that you may see.',
  'answer.undescribed': 'No delivery of {{service}} has read its fairway.yaml.',
  'answer.noDelivery': 'The portal knows no delivery {{id}}.',
  'answer.unnamedEvidence': 'No stage of the delivery {{id}} names the evidence {{digest}}.',
  'answer.unsentEvidence':
    'The portal does not hold the content of {{path}}: it was not sent with the delivery {{id}}. It lies beside the record in the folder .fairway of the machine that delivered.',
  'answer.noCluster': 'The portal watches no cluster of the name "{{cluster}}".',
  'answer.noName':
    '"{{name}}" is no name that Kubernetes takes for a {{of}}: it has lower-case letters, digits and -, 63 at most.',
  'answer.namespace': 'namespace',
  'answer.service': 'service',
  'answer.logsOfAll': 'Say the namespace of the service: you may not see the logs of every one.',
  'answer.days': 'from {{from}} is after to {{to}}: give the earlier day first.',
  'answer.gpuClass': 'gpuClass names no GPU class; found "{{gpuClass}}". The classes are {{classes}}.',
  'answer.unseenQuotas':
    'The quotas of the namespace {{namespace}} are those of services that you may not see. Ask without the namespace.',
  'answer.configSize':
    'The config.json does not say how large the weights are: that is computed for plain models of known families alone, without experts and quantisation. Give the name of the model on the hub, or its numbers.',
  'answer.modelShape':
    'The model does not say its layers, key-value heads and head dimension (config.json, params.json or the header of GGUF), so its KV cache is not known. Give its numbers.',
  'answer.model': '{{words}}',
  'answer.hub': '{{words}}',
} as const;
