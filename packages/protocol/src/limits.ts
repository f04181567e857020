/** Bounds of the contract. Lengths of text are counted in characters (code points), times are in seconds. */
export const LIMITS = {
  /** Longest text to speak, and longest transcript. */
  textLength: 4000,
  /** Longest transcript of a recording, in characters: half an hour of fast speech. */
  transcriptLength: 40_000,
  fileNameLength: 255,
  callbackLength: 2048,
  speed: { min: 0.5, max: 2 },
  pitch: { min: 0.1, max: 3 },
  volume: { min: 1, max: 100 },
  /** Output width and height in pixels. Odd ones become the next even: video stores colour for 2x2 pixels. */
  screenSide: { min: 64, max: 4096 },
  /** Where the used part of a clip may begin and end, in seconds of the clip. */
  clipPart: { min: 0, max: 86_400 },
  /** Shortest used part of a clip. */
  clipPartSeconds: 1,
  pageSize: 1000,
  /** An upload URL is valid this long. */
  uploadUrlSeconds: 900,
  tokenSeconds: 86_400,
  /** Default number of lip-sync creates per app and minute. */
  createsPerMinute: 10,
  /** Default number of speech creates per app and minute. */
  speechCreatesPerMinute: 200,
  /** Default number of uploads and deletions per app and minute; asking how a file is does not count. */
  fileCallsPerMinute: 30,
  /** Uploaded files are purged after this many days. */
  fileDays: 30,
} as const;

/** Values of fields that are not sent. */
export const DEFAULTS = {
  screenWidth: 1080,
  screenHeight: 1920,
  backway: 1,
  driveMode: '',
  model: 0,
  audioType: 'tts',
  speed: 1,
  pitch: 1,
  volume: 100,
  page: 1,
  pageSize: 10,
  voicePageSize: 100,
} as const;

/** Uploadable file types of each service: extension to media type. */
export const MEDIA_TYPES = {
  lip_sync_video: { mp4: 'video/mp4', mov: 'video/quicktime', webm: 'video/webm' },
  lip_sync_audio: { mp3: 'audio/mpeg', m4a: 'audio/mp4', wav: 'audio/wav' },
} as const;

/** What an uploaded file is for. */
export type FileService = keyof typeof MEDIA_TYPES;

/** The extension of a file name in lower case and without the dot; empty when it has none. */
export const extensionOf = (name: string): string => /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/** Media type of an upload, or undefined when the service does not take files of this extension. */
export const mediaTypeOf = (service: FileService, name: string): string | undefined => {
  const types: Record<string, string> = MEDIA_TYPES[service];
  const extension = extensionOf(name);
  return Object.hasOwn(types, extension) ? types[extension] : undefined;
};
