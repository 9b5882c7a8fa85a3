import type { Service } from '@fairway/service';

/** The two routes of a service: they differ in the scope that they ask for. */
export function routeNames(service: Service): { readonly chat: string; readonly models: string } {
  return { chat: `${service.name}-chat`, models: `${service.name}-models` };
}
