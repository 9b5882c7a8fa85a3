import {
  EntityOrphanWarning,
  EntityProcessingErrorsPanel,
  EntityRelationWarning,
  EntitySwitch,
  hasCatalogProcessingErrors,
  hasRelationWarnings,
  isOrphan,
} from '@backstage/plugin-catalog';
import type { EntityContentLayoutProps } from '@backstage/plugin-catalog-react/alpha';
import classes from './service.module.css';
import { ServiceOverview } from './service-overview.tsx';

/** The overview of a service's entity: how it fares first, then what the catalog and other plugins have of it. */
export function ServiceLayout({ cards }: EntityContentLayoutProps) {
  return (
    <div className={classes.layout}>
      <EntitySwitch renderMultipleMatches="all">
        <EntitySwitch.Case if={isOrphan}>
          <EntityOrphanWarning />
        </EntitySwitch.Case>
        <EntitySwitch.Case if={hasRelationWarnings}>
          <EntityRelationWarning />
        </EntitySwitch.Case>
        <EntitySwitch.Case if={hasCatalogProcessingErrors}>
          <EntityProcessingErrorsPanel />
        </EntitySwitch.Case>
      </EntitySwitch>
      <ServiceOverview />
      <div className={classes.cards}>
        {cards.map(({ element }, place) => (
          <div key={element.key ?? place}>{element}</div>
        ))}
      </div>
    </div>
  );
}
