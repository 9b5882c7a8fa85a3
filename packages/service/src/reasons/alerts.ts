/** What the alerts that `monitor` writes say of a service. */
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
} as const;
