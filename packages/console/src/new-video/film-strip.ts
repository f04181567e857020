import { useEffect, useState } from 'preact/hooks';

/** Pictures of a clip beside each other. */
const PICTURES = 10;
const HEIGHT = 56;

const at = (video: HTMLVideoElement, seconds: number): Promise<unknown> =>
  new Promise((resolve) => {
    video.onseeked = resolve;
    video.onerror = resolve;
    video.currentTime = seconds;
  });

/** Draws pictures of a clip from its beginning to its end, as they come; stops when the signal aborts. */
const drawStrip = async (canvas: HTMLCanvasElement, url: string, signal: AbortSignal): Promise<void> => {
  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'auto';
  video.src = url;
  await new Promise((resolve) => {
    video.onloadeddata = resolve;
    video.onerror = resolve;
  });
  const { videoWidth: width, videoHeight: height, duration } = video;
  const context = canvas.getContext('2d')!;
  canvas.width = PICTURES * HEIGHT * 1.5;
  canvas.height = HEIGHT;
  const place = canvas.width / PICTURES;
  for (let n = 0; n < PICTURES && width > 0 && !signal.aborted; n++) {
    await at(video, ((n + 0.5) / PICTURES) * duration);
    // Covers its place, as a picture on a wall covers its frame.
    const scale = Math.max(place / width, HEIGHT / height);
    const [w, h] = [place / scale, HEIGHT / scale];
    context.drawImage(video, (width - w) / 2, (height - h) / 2, w, h, n * place, 0, place, HEIGHT);
  }
  video.removeAttribute('src');
  video.load();
};

/** A canvas that shows a clip from its beginning to its end: give it the function as its `ref`. */
export const useFilmStrip = (url: string): ((canvas: HTMLCanvasElement | null) => void) => {
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null);
  useEffect(() => {
    if (!canvas) return;
    const stop = new AbortController();
    void drawStrip(canvas, url, stop.signal);
    return () => stop.abort();
  }, [canvas, url]);
  return setCanvas;
};
