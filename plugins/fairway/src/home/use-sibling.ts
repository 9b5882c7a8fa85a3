import { createContext, useContext } from 'react';
import { useResolvedPath } from 'react-router-dom';

/** The address of the page of Fairway, for what stands on another page. */
export const FairwayAddress = createContext<string | undefined>(undefined);

/** The address of a tab of the page of Fairway, from another one of its tabs or from where its address is given. */
export function useSibling(path: string): string {
  const address = useContext(FairwayAddress);
  const { pathname } = useResolvedPath(`../${path}`);
  return address === undefined ? pathname : `${address}/${path}`;
}
