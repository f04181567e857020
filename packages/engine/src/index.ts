export { EngineError } from './errors/engine-error.js';
export { lipSync } from './lip-sync.js';
export type { LipSyncOptions, Progress, SpeechSource, Stage } from './lip-sync-options.js';
export type { LipSyncReport } from './lip-sync-report.js';
export { openVoices } from './take-speech.js';
export type { VoiceCatalogue } from './voice/voice-catalogue.js';
export type { Voice } from './voice/voice-provider.js';
