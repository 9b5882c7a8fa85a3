import type { JSX, ReactNode } from 'react';
import {
  BreadcrumbEntry,
  PageLayout,
  pluginHeaderActionsApiRef,
  useApi,
  useRouteRef,
} from '@backstage/frontend-plugin-api';
import type { IconElement } from '@backstage/frontend-plugin-api';
import { RiShipLine } from '@remixicon/react';
import { Navigate, Route, Routes } from 'react-router-dom';
import { rootRouteRef } from '../routes.ts';
import { english } from '../translation/english.ts';
import { homeEnglish } from '../translation/home-english.ts';
import { titlesEnglish } from '../translation/titles-english.ts';
import { usageEnglish } from '../translation/usage-english.ts';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import classes from './tabbed-page.module.css';

export interface Tab {
  readonly path: string;
  readonly title: string;
  readonly icon: IconElement | undefined;
  readonly element: JSX.Element;
}

const titles = [
  'home.title',
  'services.title',
  'deployments.title',
  'gpu.title',
  'alerts.title',
  'usage.title',
  'engines.title',
] as const;

const known = { ...english, ...homeEnglish, ...titlesEnglish, ...usageEnglish };

/**
 * The page with its sub-pages as tabs. The framework's own knows only fixed titles; here they follow the language of the
 * portal, unless the portal's configuration names a tab otherwise.
 */
export function TabbedPage({ tabs }: { readonly tabs: readonly Tab[] }) {
  const { t } = useFairwayText();
  const titleLink = useRouteRef(rootRouteRef)?.();
  const headerActions = useApi(pluginHeaderActionsApiRef).getPluginHeaderActions('fairway');
  const titled = tabs.map(tab => {
    const own = titles.find(key => known[key] === tab.title);
    return { ...tab, title: own ? t(own) : tab.title };
  });
  return (
    // the landmark by which a screen reader jumps past the side bar; name and tabs of the page belong to it
    <main className={classes.page}>
      <PageLayout
        title="Fairway"
        icon={<RiShipLine fontSize="inherit" />}
        titleLink={titleLink}
        headerActions={headerActions}
        tabs={titled.map(({ path, title, icon }) => ({ id: path, label: title, icon, href: path }))}
      >
        <Routes>
          {tabs[0] && <Route index element={<Navigate to={tabs[0].path} replace />} />}
          {titled.map(({ path, title, element }) => (
            <Route key={path} path={`${path}/*`} element={<Content title={title} path={path} children={element} />} />
          ))}
        </Routes>
      </PageLayout>
    </main>
  );
}

interface ContentProps {
  readonly title: string;
  readonly path: string;
  readonly children: ReactNode;
}

function Content({ title, path, children }: ContentProps) {
  return <BreadcrumbEntry entry={{ label: title, href: path }}>{children}</BreadcrumbEntry>;
}
