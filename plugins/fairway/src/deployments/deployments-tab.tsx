import { OfEntity } from '../view/of-entity.tsx';
import { Deployments } from './deployments.tsx';

/** The tab of an entity: where its service runs. */
export function DeploymentsTab() {
  return <OfEntity>{of => <Deployments {...of} />}</OfEntity>;
}
