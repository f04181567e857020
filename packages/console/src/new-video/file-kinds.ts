/** What can be made of a file that was dropped. */
export type FileKind = 'video' | 'picture' | 'audio' | 'other';

const KINDS: readonly [FileKind, RegExp][] = [
  ['video', /\.(mp4|mov|webm)$/i],
  ['picture', /\.(jpe?g|png|webp)$/i],
  ['audio', /\.(mp3|m4a|wav)$/i],
];

/** By the name, as the server goes by it too; it looks into the file later. */
export const kindOf = ({ name }: File): FileKind =>
  KINDS.find(([, names]) => names.test(name))?.[0] ?? 'other';
