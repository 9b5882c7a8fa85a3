/** The pages of the portal, each with the text that says it shows what people came for. */
export function viewsOf(service: string) {
  const entity = `/catalog/default/component/${service}`;
  return {
    home: { path: '/fairway/home', meaning: /No delivery runs|Being delivered: / },
    services: { path: '/fairway/services', meaning: service },
    deployments: { path: '/fairway/deployments', meaning: service },
    gpu: { path: '/fairway/gpu', meaning: /has GPUs|Largest request/ },
    alerts: { path: '/fairway/alerts', meaning: /No alert|Severity/ },
    usage: { path: '/fairway/usage', meaning: /Sum up by/ },
    engines: { path: '/fairway/engines', meaning: /No measurement|Throughput|throughput/ },
    overview: { path: entity, meaning: service },
    delivery: { path: `${entity}/delivery`, meaning: /prepare|准备/ },
    pods: { path: `${entity}/deployments`, meaning: /ready/ },
    catalog: { path: '/catalog', meaning: service },
    create: { path: '/create', meaning: 'Inference service' },
  } as const;
}
