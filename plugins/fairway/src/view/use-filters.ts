import { useSearchParams } from 'react-router-dom';

export interface Filters<Name extends string> {
  readonly values: { readonly [Each in Name]?: string };
  /** Without a value the filter is off. */
  readonly put: (name: Name, value: string | undefined) => void;
}

/** What narrows a view. It is kept in the address, so that a narrowed view can be passed on. */
export function useFilters<Name extends string>(names: readonly Name[]): Filters<Name> {
  const [address, setAddress] = useSearchParams();
  const values: { [Each in Name]?: string } = {};
  for (const name of names) values[name] = address.get(name) ?? undefined;
  return {
    values,
    put: (name, value) =>
      setAddress(
        now => {
          const next = new URLSearchParams(now);
          if (value === undefined) next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: true },
      ),
  };
}
