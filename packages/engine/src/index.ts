export { inspectAudio, inspectVideo } from './clip/inspect.js';
export { BrokenPlanError } from './errors/broken-plan-error.js';
export { BrokenSegmentError } from './errors/broken-segment-error.js';
export { DiskFullError } from './errors/disk-full-error.js';
export { EmptyTextError } from './errors/empty-text-error.js';
export { EngineError } from './errors/engine-error.js';
export { FaceModelError } from './errors/face-model-error.js';
export { FaceNotFoundError } from './errors/face-not-found-error.js';
export { FfmpegFailedError } from './errors/ffmpeg-failed-error.js';
export { FfmpegMissingError } from './errors/ffmpeg-missing-error.js';
export { InferenceRuntimeError } from './errors/inference-runtime-error.js';
export { MissingFileError } from './errors/missing-file-error.js';
export { NoSpeechTrackError } from './errors/no-speech-track-error.js';
export { NotAVideoError } from './errors/not-a-video-error.js';
export { OutputNotWritableError } from './errors/output-not-writable-error.js';
export { ParameterError } from './errors/parameter-error.js';
export { SpeechModelError } from './errors/speech-model-error.js';
export { SpeechNetError } from './errors/speech-net-error.js';
export { SpeechParameterError } from './errors/speech-parameter-error.js';
export { StillPictureError } from './errors/still-picture-error.js';
export { TooLargeError } from './errors/too-large-error.js';
export { TooLongError } from './errors/too-long-error.js';
export { TranscriptMismatchError } from './errors/transcript-mismatch-error.js';
export { UnknownVoiceError } from './errors/unknown-voice-error.js';
export { UnknownVoicePackError } from './errors/unknown-voice-pack-error.js';
export { UnreadableMediaError } from './errors/unreadable-media-error.js';
export { UnsupportedFormatError } from './errors/unsupported-format-error.js';
export { VoiceDownloadError } from './errors/voice-download-error.js';
export { VoiceFailedError } from './errors/voice-failed-error.js';
export { VoiceFileError } from './errors/voice-file-error.js';
export { VoiceLanguageError } from './errors/voice-language-error.js';
export type { FaceBox } from './face/list-faces.js';
export { lipSync } from './lip-sync.js';
export {
  type FinishOptions,
  finishLipSync,
  type PreparedVideo,
  planLipSync,
  renderSegments,
  type SegmentsOptions,
  shareSegments,
} from './lip-sync-in-segments.js';
export type { FaceChoice, LipSyncOptions, PrepareOptions, SpeechSource } from './lip-sync-options.js';
export type { ForeseenReport, LipSyncReport } from './lip-sync-report.js';
export type { LipSyncTimeline } from './lip-sync-timeline.js';
export type { DrivenBy } from './mouth/mouth-of-speech.js';
export type { Progress, Stage } from './progress/stage-clock.js';
export { subRip } from './subtitles/sub-rip.js';
export { auditionText } from './voice/audition.js';
export { openVoices, type VoiceSettings } from './voice/open-voices.js';
export type { VoiceCatalogue, VoicedSpeech } from './voice/voice-catalogue.js';
export type { Voice } from './voice/voice-provider.js';
export { waveFile } from './voice/wave-file.js';
export { type InstallOptions, type InstallProgress, installVoice } from './voice-store/install-voice.js';
export { downloadBytes, type VoicePack } from './voice-store/voice-pack.js';
export { VOICE_PACKS } from './voice-store/voice-packs.js';
export {
  type BroughtVoice,
  findPack,
  findParts,
  type InstalledVoice,
  installedVoices,
  naturalPacks,
  removeVoice,
} from './voice-store/voice-store.js';
