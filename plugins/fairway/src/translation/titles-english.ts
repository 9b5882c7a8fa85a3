/** Titles of the tabs of an entity. Backstage asks for them before any page is loaded, so that they come in both languages at once. */
export const titlesEnglish = {
  'delivery.title': 'Delivery',
  'deployments.title': 'Deployments',
  'logs.title': 'Logs',
} as const;

export type TitlesTexts = { readonly [Key in keyof typeof titlesEnglish]: string };
