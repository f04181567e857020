// Follows the lips of people who speak. Arguments: clips, one face each, sound and picture in step, such as GRID's.
// stdout: one JSON object a line, {"path", "fps", "startSeconds", "aperture": [...]}: the opening between the inner lips in
// outer-eye-corner distances, frame by frame, and how much later than the sound the picture begins.
import { decodeVideo, observeMouth, probe, trackFaces } from '#engine/internals';

for (const path of process.argv.slice(2)) {
  const { width, height, fps, startSeconds } = await probe(path);
  const size = { width: width - (width % 2), height: height - (height % 2), fps };
  const track = await trackFaces(() => decodeVideo(path, size), { ...size, quality: 'fine' });
  if (track.usable.includes(0)) continue;
  console.log(JSON.stringify({ path, fps, startSeconds, aperture: [...observeMouth(track).aperture] }));
}
