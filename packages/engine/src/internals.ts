/**
 * The steps of the engine one by one, for benchmarks that look inside. Not a public interface: it changes without notice.
 */

export { type FaceTrack, LANDMARK_FLOATS } from './face/face-track.js';
export { readFaceTrack, writeFaceTrack } from './face/face-track-file.js';
export {
  INNER_LIP_LINE,
  INNER_LOWER,
  INNER_UPPER,
  LOWER_LIP_BOTTOM,
  MOUTH_LEFT,
  MOUTH_RIGHT,
  OUTER_LIP_LINE,
  UPPER_LIP_TOP,
} from './face/landmark-indices.js';
export { eyeCornerPixels, poseAt } from './face/pose.js';
export { trackFaces } from './face/track-faces.js';
export { renderToFile } from './lip-sync.js';
export { decodeAudio } from './media/decode-audio.js';
export { decodeVideo } from './media/decode-video.js';
export { encodeVideo } from './media/encode-video.js';
export { probe } from './media/probe.js';
export { soundOfSamples } from './media/sound.js';
export { curvesOfPhones } from './mouth/co-articulation.js';
export { poolFrames } from './mouth/frame-pooling.js';
export type { MouthMovement } from './mouth/mouth-movement.js';
export { mouthOfSpeech } from './mouth/mouth-of-speech.js';
export type { MouthTrack } from './mouth/mouth-track.js';
export { learnSpeakingStyle } from './mouth/speaking-style.js';
export { commandMouth } from './mouth-space/command-mouth.js';
export { type MouthObservations, observeMouth } from './mouth-space/observe-mouth.js';
export { learnPersonMouth, type PersonMouth } from './mouth-space/person-mouth.js';
export { warpMesh } from './picture/affine-warp.js';
export type { Frame } from './picture/frame.js';
export { readPlayback } from './playback/read-playback.js';
export { type LipSyncJob, prepareLipSync } from './prepare-lip-sync.js';
export { mouthMesh } from './render/mouth-mesh.js';
export { alignPhones } from './speech/forced-alignment.js';
export type { HeardSpeech } from './speech/heard-speech.js';
export { listenToSpeech } from './speech/listen-to-speech.js';
export { logMel, MEL_BANDS } from './speech/log-mel.js';
export type { Phone } from './speech/phone.js';
export { phoneSymbols, SPEECH_CLASSES, SPEECH_SYMBOLS, symbolClass } from './speech/speech-classes.js';
export { createEspeakProvider } from './voice/espeak-provider.js';
export { createNeuralProvider } from './voice/neural-provider.js';
export { resample } from './voice/time-stretch.js';
export type { VoiceProvider } from './voice/voice-provider.js';
export type { VoiceManifest } from './voice-store/voice-manifest.js';
export type { InstalledVoice } from './voice-store/voice-store.js';
