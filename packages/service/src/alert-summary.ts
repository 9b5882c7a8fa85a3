import { alertTexts } from './reasons/alerts.ts';
import { readSentence } from './reasons/coded.ts';
import { type Reason, reasonOf } from './reasons/delivery-reason.ts';

/** By the names of Fairway's alerts; of a budget that burns the objective is said too. */
const codes = {
  FairwaySomeTargetsDown: 'alert.someTargetsDown',
  FairwaySaturated: 'alert.saturated',
  FairwayGpuError: 'alert.gpuError',
  FairwayTargetDown: 'alert.targetDown',
  FairwayGatewayDown: 'alert.gatewayDown',
  FairwayCertificateExpires: 'alert.certificate',
  FairwayMeshCertificateExpires: 'alert.meshCertificate',
  FairwayTokenKeysStale: 'alert.staleKeys',
  FairwayReleaseBrokeOff: 'alert.releaseBrokeOff',
} as const;

/** What one of Fairway's alerts says; undefined for an alert of others. */
export function alertSummary(alert: string, service: string, objective?: string): Reason | undefined {
  if (alert === 'FairwayErrorBudgetBurn')
    return objective === undefined ? undefined : reasonOf('alert.budgetBurn', { service, objective });
  return Object.hasOwn(codes, alert) ? reasonOf(codes[alert as keyof typeof codes], { service }) : undefined;
}

const descriptions = {
  FairwayErrorBudgetBurn: 'alertWhy.budgetBurn',
  FairwaySomeTargetsDown: 'alertWhy.someTargetsDown',
  FairwaySaturated: 'alertWhy.saturated',
  FairwayGpuError: 'alertWhy.gpuError',
  FairwayTargetDown: 'alertWhy.targetDown',
  FairwayGatewayDown: 'alertWhy.gatewayDown',
  FairwayCertificateExpires: 'alertWhy.certificate',
  FairwayMeshCertificateExpires: 'alertWhy.meshCertificate',
  FairwayTokenKeysStale: 'alertWhy.staleKeys',
  FairwayReleaseBrokeOff: 'alertWhy.releaseBrokeOff',
} as const;

/** What the description of one of Fairway's alerts says, with the figures that Prometheus filled in; undefined for other words. */
export function alertDescription(alert: string, description: string): Reason | undefined {
  if (!Object.hasOwn(descriptions, alert)) return undefined;
  const code = descriptions[alert as keyof typeof descriptions];
  const parameters = readSentence(alertTexts[code], description);
  return parameters && { code, parameters };
}
