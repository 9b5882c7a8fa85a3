import { appLanguageApiRef } from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';

const overview = catalogPlugin.getExtension('entity-content:catalog/overview').override({
  factory: (originalFactory, { apis, config }) => {
    const chinese = apis.get(appLanguageApiRef)?.getLanguage().language === 'zh';
    return originalFactory({ config: { ...config, title: config.title ?? (chinese ? '概览' : undefined) } });
  },
});

/** The catalog, whose own tab of an entity has a fixed English title. */
export const translatedCatalogPlugin = catalogPlugin.withOverrides({ extensions: [overview] });
