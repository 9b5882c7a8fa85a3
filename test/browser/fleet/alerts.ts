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
  ) => ({
    labels: { alertname, service, namespace, owner, severity, objective: 'time-to-first-token' },
    annotations: { summary, runbook_url: 'docs/runbooks/error-budget-burn.md' },
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
      ),
      alert(
        ...(['FairwaySaturated', 'reranking', 'team-search', 'ticket', 70] as const),
        'More requests wait for a version of reranking than it can serve at once.',
      ),
    ]),
  });
  if (!answer.ok) throw new Error(`Alertmanager answered ${answer.status}: ${await answer.text()}`);
}
