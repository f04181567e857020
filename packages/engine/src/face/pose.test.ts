import { describe, expect, it } from 'vitest';
import { canonicalFace } from './canonical-face.js';
import { eyeCornerPixels, fitPose, POSE_FLOATS, poseAt, putPose } from './pose.js';

const radians = Math.PI / 180;

/** The canonical face seen by the camera of a frame: turned, scaled, moved; image axes (y down, z away). */
const posedLandmarks = (
  yaw: number,
  pitch: number,
  roll: number,
  scale: number,
  x: number,
  y: number,
): Float32Array => {
  const { vertices } = canonicalFace();
  const [cy, sy] = [Math.cos(yaw * radians), Math.sin(yaw * radians)];
  const [cp, sp] = [Math.cos(pitch * radians), Math.sin(pitch * radians)];
  const [cr, sr] = [Math.cos(roll * radians), Math.sin(roll * radians)];
  const landmarks = new Float32Array(vertices.length);
  for (let i = 0; i < vertices.length; i += 3) {
    const [a, b, c] = vertices.subarray(i, i + 3);
    const rolled = [cr * a - sr * b, sr * a + cr * b, c];
    const pitched = [rolled[0], cp * rolled[1] - sp * rolled[2], sp * rolled[1] + cp * rolled[2]];
    landmarks[i] = x + scale * (cy * pitched[0] + sy * pitched[2]);
    landmarks[i + 1] = y - scale * pitched[1];
    landmarks[i + 2] = -scale * (cy * pitched[2] - sy * pitched[0]);
  }
  return landmarks;
};

describe('canonicalFace', () => {
  it('has the 468 vertices, 898 triangles and 33 weighted landmarks of the MediaPipe file', () => {
    const face = canonicalFace();
    expect(face.vertices).toHaveLength(468 * 3);
    expect(face.triangles).toHaveLength(898 * 3);
    expect(Math.max(...face.triangles)).toBe(467);
    expect(face.poseLandmarks).toHaveLength(33);
    expect(face.eyeCornerDistance).toBeCloseTo(8.892, 2);
  });
});

describe('fitPose', () => {
  it('recovers a known turn, size and place', () => {
    const pose = fitPose(posedLandmarks(31, -12, 8, 14, 640, 300));
    expect(pose.yaw).toBeCloseTo(31, 3);
    expect(pose.pitch).toBeCloseTo(-12, 3);
    expect(pose.roll).toBeCloseTo(8, 3);
    expect(pose.scale).toBeCloseTo(14, 4);
    expect(pose.translation[0]).toBeCloseTo(640, 3);
    expect(pose.translation[1]).toBeCloseTo(-300, 3);
    expect(pose.residual).toBeLessThan(1e-4);
    expect(eyeCornerPixels(pose)).toBeCloseTo(14 * canonicalFace().eyeCornerDistance, 2);
  });

  it('is kept in a track to the last bit', () => {
    const poses = new Float64Array(3 * POSE_FLOATS);
    const pose = fitPose(posedLandmarks(-20, 5, 3, 10, 100, 100));
    putPose(poses, 2, pose);
    expect(poseAt({ poses }, 2)).toEqual(pose);
    expect(poses.subarray(0, 2 * POSE_FLOATS).every((value) => value === 0)).toBe(true);
  });

  it('reports a residual for a shape that is no face', () => {
    const landmarks = posedLandmarks(0, 0, 0, 10, 100, 100).map((v, i) => v + (i % 7) * 6);
    expect(fitPose(landmarks).residual).toBeGreaterThan(0.06);
  });

  it('takes well under a tenth of a millisecond', () => {
    const landmarks = posedLandmarks(10, 10, 10, 10, 100, 100);
    for (let k = 0; k < 500; k++) fitPose(landmarks);
    const start = process.cpuUsage();
    for (let k = 0; k < 2000; k++) fitPose(landmarks);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000 / 2000).toBeLessThan(0.1);
  });
});
