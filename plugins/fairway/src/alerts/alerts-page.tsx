import { Page } from '../view/page.tsx';
import { Alerts } from './alerts.tsx';

/** The alerts of all services. */
export function AlertsPage() {
  return (
    <Page>
      <Alerts />
    </Page>
  );
}
