import { useEffect, useRef, useState } from 'preact/hooks';
import { asWave } from './wave-file.js';

export type Recorder = {
  /** Seconds recorded so far; undefined while nothing is recorded. */
  readonly seconds: number | undefined;
  /** The microphone is not there, or not allowed. */
  readonly isRefused: boolean;
  start(): Promise<void>;
  stop(): void;
};

/** Records the microphone; `onRecording` gets a wav. */
export const useRecorder = (onRecording: (file: File) => void): Recorder => {
  const [seconds, setSeconds] = useState<number>();
  const [isRefused, setRefused] = useState(false);
  const active = useRef<MediaRecorder | undefined>(undefined);
  const stop = (): void => {
    if (active.current?.state === 'recording') active.current.stop();
  };
  useEffect(() => stop, []);

  const start = async (): Promise<void> => {
    setRefused(false);
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const recorder = new MediaRecorder(stream);
      active.current = recorder;
      const parts: Blob[] = [];
      const began = Date.now();
      const clock = setInterval(() => setSeconds((Date.now() - began) / 1000), 200);
      recorder.ondataavailable = ({ data }) => parts.push(data);
      recorder.onstop = async () => {
        clearInterval(clock);
        for (const track of stream.getTracks()) track.stop();
        setSeconds(undefined);
        onRecording(await asWave(new Blob(parts, { type: recorder.mimeType }), 'recording.wav'));
      };
      recorder.start();
      setSeconds(0);
    } catch {
      setRefused(true);
    }
  };
  return { seconds, isRefused, start, stop };
};
