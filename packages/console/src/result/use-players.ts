import type { MadeReport } from '@chanjing-avatar/client';
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** Seconds that the driving clip may be off while it plays; beyond, it is set right. */
const SLACK = 0.08;

export type Players = {
  /** Frame of the result that is shown, from 0. */
  readonly frame: number;
  readonly isPlaying: boolean;
  /** Pauses and shows a frame. */
  show(frame: number): void;
  /** Pauses and goes so many frames on from the one that was wanted last, however many keys are pressed at once. */
  step(frames: number): void;
  toggle(): void;
};

/** Middle of a frame: its beginning may still show the one before. */
const timeOf = (frame: number, fps: number): number => (frame + 0.5) / fps;

/** Where the driving clip is under a frame of the result; its own time while it has no report. */
const drivingTime = (report: MadeReport | null, frame: number, fps: number): number =>
  timeOf(report?.timeline.sourceFrame[frame] ?? frame, fps);

const follow = (driving: HTMLVideoElement, time: number, isPlaying: boolean): void => {
  const wanted = Math.min(time, Math.max(0, driving.duration - 0.001) || time);
  const off = Math.abs(driving.currentTime - wanted);
  if (isPlaying && off < SLACK) {
    if (driving.paused) driving.play().catch(() => {});
    return;
  }
  if (!isPlaying && !driving.paused) driving.pause();
  // While it is still seeking, another wish would only make it later.
  if (off > 0.001 && !driving.seeking) driving.currentTime = wanted;
};

/** Two players as one: the result leads, the driving clip shows what lies under it. */
export const usePlayers = (
  result: RefObject<HTMLVideoElement | null>,
  driving: RefObject<HTMLVideoElement | null>,
  report: MadeReport | null,
  fps: number,
): Players => {
  const [frame, setFrame] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  const wanted = useRef(0);
  useEffect(() => {
    const leader = result.current;
    if (!leader) return;
    let next = 0;
    const look = (): void => {
      const now = Math.floor(leader.currentTime * fps + 1e-3);
      wanted.current = now;
      setFrame(now);
      setPlaying(!leader.paused);
      if (driving.current) follow(driving.current, drivingTime(report, now, fps), !leader.paused);
      next = requestAnimationFrame(look);
    };
    // Only while something moves: a page that waits should take no processor.
    const begin = (): void => {
      cancelAnimationFrame(next);
      look();
    };
    const rest = (): void => {
      cancelAnimationFrame(next);
      const now = Math.floor(leader.currentTime * fps + 1e-3);
      if (!leader.seeking) wanted.current = now;
      setFrame(now);
      setPlaying(false);
      if (driving.current) follow(driving.current, drivingTime(report, now, fps), false);
    };
    const settle = (): void => {
      if (leader.paused) rest();
    };
    leader.addEventListener('play', begin);
    leader.addEventListener('pause', rest);
    leader.addEventListener('ended', rest);
    leader.addEventListener('seeked', settle);
    const follower = driving.current;
    follower?.addEventListener('loadeddata', settle);
    follower?.addEventListener('seeked', settle);
    return () => {
      cancelAnimationFrame(next);
      leader.removeEventListener('play', begin);
      leader.removeEventListener('pause', rest);
      leader.removeEventListener('ended', rest);
      leader.removeEventListener('seeked', settle);
      follower?.removeEventListener('loadeddata', settle);
      follower?.removeEventListener('seeked', settle);
    };
  }, [result, driving, report, fps]);

  const show = (to: number): void => {
    const leader = result.current;
    if (!leader) return;
    leader.pause();
    const last = Math.max(0, Math.ceil((leader.duration || 0) * fps) - 1);
    wanted.current = Math.max(0, Math.min(last, to));
    leader.currentTime = timeOf(wanted.current, fps);
  };
  return {
    frame,
    isPlaying,
    show,
    step: (frames) => show(wanted.current + frames),
    toggle: () => {
      const leader = result.current;
      if (!leader) return;
      if (leader.paused) leader.play().catch(() => {});
      else leader.pause();
    },
  };
};
