import { namespace } from './services.ts';

/** Alerts as the rules of `monitor` label them. */
export async function fireAlerts(url: string): Promise<void> {
  const alert = (
    alertname: string,
    service: string,
    owner: string,
    severity: string,
    minutes: number,
    summary: string,
    description: string,
    runbook: string,
    objective?: string,
  ) => ({
    labels: { alertname, service, namespace, owner, severity, ...(objective && { objective }) },
    annotations: { summary, description, runbook_url: `docs/runbooks/${runbook}.md` },
    startsAt: new Date(Date.now() - minutes * 60_000).toISOString(),
    endsAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const answer = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([
      alert(
        ...(['FairwayErrorBudgetBurn', 'chat', 'team-assistant', 'page', 25] as const),
        'chat uses up its error budget for time-to-first-token too fast.',
        '13.1% of events are bad over the last hours; the objective allows 5 % in the long run.',
        'error-budget-burn',
        'time-to-first-token',
      ),
      alert(
        ...(['FairwaySaturated', 'reranking', 'team-search', 'ticket', 70] as const),
        'More requests wait for a version of reranking than it can serve at once.',
        '37 requests wait for the version 1a2b3c4d; a pod serves 16 at once.',
        'saturated',
      ),
    ]),
  });
  if (!answer.ok) throw new Error(`Alertmanager answered ${answer.status}: ${await answer.text()}`);
}
