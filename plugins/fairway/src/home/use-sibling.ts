import { useResolvedPath } from 'react-router-dom';

/** The address of another tab of the same page. */
export function useSibling(path: string): string {
  return useResolvedPath(`../${path}`).pathname;
}
