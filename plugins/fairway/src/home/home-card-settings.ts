/** What the list of cards that one may add says of it, and its place on the grid. */
export const homeCard = {
  name: 'FairwayHome',
  title: 'Inference services',
  description: 'What burns, what is being delivered, and the services that are yours',
  layout: { width: { minColumns: 4, defaultColumns: 12 }, height: { minRows: 4, defaultRows: 8 } },
};
