/** What alerts say of a service: those that `monitor` writes, in a line and below it with the figures of the rule, and the portal's own. */
export const alertTexts = {
  'alert.budgetBurn': '{{service}} uses up its error budget for {{objective}} too fast.',
  'alert.someTargetsDown': 'Some pods of {{service}} do not answer Prometheus.',
  'alert.saturated': 'More requests wait for a version of {{service}} than it can serve at once.',
  'alert.gpuError': 'A GPU of {{service}} reports an error.',
  'alert.targetDown': 'No pod of {{service}} answers Prometheus.',
  'alert.gatewayDown': 'No proxy of the gateway that serves {{service}} answers Prometheus.',
  'alert.certificate': 'A certificate of the gateway of {{service}} ends soon.',
  'alert.meshCertificate': 'The certificate by which the gateway reaches {{service}} is not renewed.',
  'alert.staleKeys': 'The gateway of {{service}} cannot download the keys of the token issuer.',
  'alert.releaseBrokeOff': 'A release of {{service}} broke off.',
  'alert.brokeOff': 'A release of {{service}} broke off: {{candidates}} of the traffic.',
  'alert.fires': '{{name}} fires on {{cluster}}.',
  'alert.firesFor': '{{name}} fires for {{service}} on {{cluster}}.',

  'alertWhy.budgetBurn':
    '{{share}} of events are bad over the last hours; the objective allows {{allowed}} % in the long run.',
  'alertWhy.someTargetsDown': '{{pods}} pods are down, others answer.',
  'alertWhy.saturated': '{{requests}} requests wait for the version {{revision}}; a pod serves {{sequences}} at once.',
  'alertWhy.gpuError': 'Xid {{xid}} on GPU {{gpu}} of {{pod}}.',
  'alertWhy.targetDown': 'Either no pod runs or none can be scraped; nothing is known of the engine until one is.',
  'alertWhy.gatewayDown': 'Either no proxy runs, or none has the routes of the service, or none can be scraped.',
  'alertWhy.certificate': '{{days}} days are left.',
  'alertWhy.meshCertificate': 'It ends in {{duration}}; then every request fails.',
  'alertWhy.staleKeys': '{{downloads}} downloads failed within half an hour and none ended well.',
  'alertWhy.releaseBrokeOff': 'Nobody has renewed its lease for {{duration}}; its candidate may still have users.',
  'alertWhy.brokeOff':
    '{{holder}} held the lease since {{since}} and renewed it last at {{renewed}}. Released is {{released}}. Go back, or deliver again.',
} as const;
