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
