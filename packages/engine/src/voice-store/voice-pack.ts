import type { VoiceManifest } from './voice-manifest.js';

/** One file that a voice is downloaded as. */
export type PackPart = {
  /** Its name at a mirror, and among the files that are brought along. */
  readonly file: string;
  readonly url: string;
  readonly bytes: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  /** Where it goes in the voice's directory; an archive is unpacked there, without its outermost directory. */
  readonly put: { readonly as: string } | { readonly unpack: 'tar.bz2'; readonly unpackedBytes: number };
};

/** A voice that can be installed. */
export type VoicePack = VoiceManifest & {
  /** What it is, in one line. */
  readonly about: string;
  /** Whether videos with it may be sold. */
  readonly commercial: 'yes' | 'with conditions' | 'unclear';
  readonly parts: readonly PackPart[];
};

/** Bytes that installing the voice downloads. */
export const downloadBytes = ({ parts }: VoicePack): number =>
  parts.reduce((sum, { bytes }) => sum + bytes, 0);

/** Bytes that the installed voice may take at most. */
export const installedBytes = ({ parts }: VoicePack): number =>
  parts.reduce((sum, { bytes, put }) => sum + ('unpack' in put ? put.unpackedBytes : bytes), 0);
