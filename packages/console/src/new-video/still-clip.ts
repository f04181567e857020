/** The API takes videos: a picture becomes one here, in the browser. */
const SECONDS = 4;
const FPS = 25;
/** The engine looks at no larger pictures. */
const LONGEST_SIDE = 1920;
const BITS_PER_SECOND = 16e6;

const even = (value: number): number => Math.max(2, Math.round(value / 2) * 2);

const drawn = async (picture: Blob): Promise<HTMLCanvasElement> => {
  // Turned as its camera was.
  const image = await createImageBitmap(picture, { imageOrientation: 'from-image' });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = even(image.width * scale);
  canvas.height = even(image.height * scale);
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return canvas;
};

const TYPES = ['video/mp4;codecs=avc1.640028', 'video/webm;codecs=vp9', 'video/webm;codecs=vp8'];

/** A still clip of a picture. Throws for what is no picture, and where the browser cannot record. */
export const stillClip = async (picture: File): Promise<File> => {
  const canvas = await drawn(picture);
  const stream = canvas.captureStream(0);
  const [track] = stream.getVideoTracks() as [CanvasCaptureMediaStreamTrack];
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const options = { videoBitsPerSecond: BITS_PER_SECOND, ...(mimeType ? { mimeType } : {}) };
  const recorder = new MediaRecorder(stream, options);
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const ended = new Promise((resolve) => {
    recorder.onstop = resolve;
  });
  recorder.start();
  const context = canvas.getContext('2d')!;
  const tick = setInterval(() => {
    // A canvas that did not change gives no frame.
    context.drawImage(canvas, 0, 0);
    track.requestFrame();
  }, 1000 / FPS);
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
  clearInterval(tick);
  recorder.stop();
  await ended;
  track.stop();
  const type = recorder.mimeType.split(';')[0]!;
  const name = picture.name.replace(/\.[^.]*$/, '');
  return new File(parts, `${name}.${type === 'video/mp4' ? 'mp4' : 'webm'}`, { type });
};
