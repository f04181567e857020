import type { FollowedTask } from '@chanjing-avatar/client';
import { useEffect, useState } from 'preact/hooks';

/** Seconds that a task will take, counted down from what the server told last; undefined while it cannot tell. */
export const useTimeLeft = ({ seconds_left: left, progress }: FollowedTask): number | undefined => {
  const [gone, setGone] = useState(0);
  useEffect(() => {
    const told = Date.now();
    setGone(0);
    const timer = setInterval(() => setGone((Date.now() - told) / 1000), 1000);
    return () => clearInterval(timer);
  }, [left, progress]);
  return left === null ? undefined : Math.max(1, left - gone);
};
