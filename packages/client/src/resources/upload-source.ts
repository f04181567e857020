/** A file that can be read from its beginning as often as needed. */
export type UploadFile = {
  /** File name with its extension. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  open(): Blob | ReadableStream<Uint8Array>;
};

/**
 * What can be uploaded: a Blob or File, a stream (read once, so its upload cannot be repeated), an {@link UploadFile},
 * or, with the client of `@chanjing-avatar/client/node`, the path of a file.
 */
export type UploadSource = Blob | ReadableStream<Uint8Array> | UploadFile | string;

export type OpenPath = (path: string) => Promise<UploadFile>;

export type NamedStream = { name?: string | undefined; size?: number | undefined };

/** A source made ready for sending; `size` is undefined for a stream of unknown length. */
export type OpenSource = {
  readonly name: string;
  readonly size: number | undefined;
  readonly repeatable: boolean;
  open(): Blob | ReadableStream<Uint8Array>;
};

const required = (name: string | undefined): string => {
  if (name) return name;
  throw new TypeError('The upload has no name: pass { name } with the original file name and its extension.');
};

export const openSource = async (
  source: UploadSource,
  { name, size }: NamedStream,
  openPath: OpenPath | undefined,
): Promise<OpenSource> => {
  if (typeof source === 'string') {
    if (!openPath)
      throw new TypeError('Paths need createClient of @chanjing-avatar/client/node; pass a Blob here.');
    const file = await openPath(source);
    return { name: name ?? file.name, size: file.size, repeatable: true, open: () => file.open() };
  }
  if (source instanceof Blob) {
    const ownName = (source as Blob & { name?: string }).name;
    return { name: required(name ?? ownName), size: source.size, repeatable: true, open: () => source };
  }
  if (source instanceof ReadableStream) {
    return { name: required(name), size, repeatable: false, open: () => source };
  }
  return { name: name ?? source.name, size: source.size, repeatable: true, open: () => source.open() };
};

const AUDIO = /\.(mp3|m4a|wav)$/i;

/** What a file is for, by its extension. */
export const serviceOf = (name: string): 'lip_sync_video' | 'lip_sync_audio' =>
  AUDIO.test(name) ? 'lip_sync_audio' : 'lip_sync_video';
