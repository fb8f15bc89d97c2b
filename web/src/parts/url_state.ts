// Filters and open drawers live in the URL: Back works and a link says all.
import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';

export function useUrlState(): [
  URLSearchParams,
  (changes: Record<string, string | undefined>, push?: boolean) => void,
] {
  const search = useSearch();
  const [location, go] = useLocation();
  const parameters = useMemo(() => new URLSearchParams(search), [search]);
  const change = useCallback(
    (changes: Record<string, string | undefined>, push = false) => {
      const next = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined || value === '') next.delete(name);
        else next.set(name, value);
      }
      const text = next.toString();
      go(text ? `${location}?${text}` : location, { replace: !push });
    },
    [go, location],
  );
  return [parameters, change];
}
