import { useEffect, useState } from 'preact/hooks';

/** One voice is heard at a time, wherever it is chosen. */
const player = new Audio();

export type Audition = {
  /** Id of the voice that is heard. */
  readonly playing: string | undefined;
  /** Plays the sample of a voice, or stops it. */
  toggle(id: string, url: string): void;
};

export const useAudition = (): Audition => {
  const [playing, setPlaying] = useState<string>();
  useEffect(() => {
    const end = (): void => setPlaying(undefined);
    player.addEventListener('ended', end);
    player.addEventListener('error', end);
    return () => {
      player.pause();
      player.removeEventListener('ended', end);
      player.removeEventListener('error', end);
    };
  }, []);
  return {
    playing,
    toggle: (id, url) => {
      player.pause();
      if (playing === id) return setPlaying(undefined);
      setPlaying(id);
      player.src = url;
      // Another one was chosen before this began.
      player.play().catch(() => {});
    },
  };
};
