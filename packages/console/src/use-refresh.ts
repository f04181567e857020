import { useEffect } from 'preact/hooks';

const FRESH_MS = 3000;

/** Asks again every few seconds as long as something is under way, while somebody looks. */
export const useRefresh = (isUnderWay: boolean, again: () => void): void => {
  useEffect(() => {
    if (!isUnderWay) return;
    const timer = setInterval(() => {
      if (!document.hidden) again();
    }, FRESH_MS);
    return () => clearInterval(timer);
  }, [isUnderWay, again]);
};
