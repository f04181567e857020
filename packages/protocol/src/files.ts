import { z } from 'zod';
import type { FileStatus } from './codes.js';
import { FILE_STATUS } from './codes.js';
import type { Page } from './envelope.js';
import { pageSchema } from './envelope.js';
import { id, oneOfWords, plainText, wholeNumber } from './fields.js';
import type { FileService } from './limits.js';
import { DEFAULTS, LIMITS } from './limits.js';

export type UploadUrlRequest = { service: FileService; name: string };

export const uploadUrlRequestSchema: z.ZodType<UploadUrlRequest> = z.object({
  service: oneOfWords(['lip_sync_video', 'lip_sync_audio']),
  name: plainText('the original file name with its extension', 1, LIMITS.fileNameLength),
});

export type UploadUrl = {
  /** PUT the file here within 15 minutes, with `Content-Type: mime_type`. Success is HTTP 200. */
  sign_url: string;
  mime_type: string;
  file_id: string;
  /** Where the file can be read once it is uploaded. */
  full_path: string;
  /** Name of the file in the server's storage. */
  key: string;
};

export const uploadUrlSchema: z.ZodType<UploadUrl> = z.object({
  sign_url: z
    .string()
    .describe(
      "PUT the file here within 15 minutes, with Content-Type: mime_type. When that is cut off, HEAD tells in Upload-Offset how many bytes are there; PUT the rest with Content-Range: bytes offset-last/total. Going on is not in the vendor's API.",
    ),
  mime_type: z.string(),
  file_id: z.string(),
  full_path: z.string().describe('Where the file can be read once it is uploaded.'),
  key: z.string(),
});

export type FileDetailRequest = { id: string };

export const fileDetailRequestSchema: z.ZodType<FileDetailRequest> = z.object({ id: id('a file') });

export type FileDetail = {
  id: string;
  name: string;
  service: FileService;
  mime_type: string;
  /** Bytes; 0 before the upload. */
  size: number;
  full_path: string;
  /** Unix time in seconds. */
  create_time: number;
  status: FileStatus;
  /** Why the file was rejected; empty otherwise. */
  msg: string;
  /** Beyond the vendor: the reason as a literal name such as `face-not-found`, where a file was rejected. */
  reason?: string | undefined;
  /** Beyond the vendor: what is in a video that is ready. */
  picture?: FilePicture | undefined;
};

/** Size of a video in pixels as shown, and the faces in its beginning, from left to right. */
export type FilePicture = {
  width: number;
  height: number;
  /** Boxes in these pixels; the first is what `face: "1"` of a task means. */
  faces: { x: number; y: number; width: number; height: number }[];
};

const pictureSchema: z.ZodType<FilePicture> = z
  .object({
    width: z.int(),
    height: z.int(),
    faces: z
      .array(z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() }))
      .describe(
        'Boxes from left to right: the first is what face "1" of a task means. Empty when faces come later.',
      ),
  })
  .describe("Size of a video in pixels and the faces in its beginning. Not in the vendor's API.");

export const fileDetailSchema: z.ZodType<FileDetail> = z.object({
  id: z.string(),
  name: z.string(),
  service: z.enum(['lip_sync_video', 'lip_sync_audio']),
  mime_type: z.string(),
  size: z.int().describe('Bytes.'),
  full_path: z.string(),
  create_time: z.int().describe('Unix time in seconds.'),
  status: z
    .literal(Object.values(FILE_STATUS))
    .describe('0 not ready, 2 (or 1) ready, 98 rejected, 99 deleted, 100 purged.'),
  msg: z.string().describe('Why the file cannot be used.'),
  reason: z
    .string()
    .optional()
    .describe("Why it was rejected, as a literal name such as face-not-found. Not in the vendor's API."),
  picture: pictureSchema.optional(),
});

export type ListFilesRequest = { page: number; page_size: number; service?: FileService | undefined };

export type ListFilesInput = Partial<ListFilesRequest>;

export const listFilesRequestSchema: z.ZodType<ListFilesRequest, ListFilesInput> = z.object({
  page: wholeNumber(1, 1_000_000).default(DEFAULTS.page),
  page_size: wholeNumber(1, LIMITS.pageSize).default(DEFAULTS.pageSize),
  service: oneOfWords(['lip_sync_video', 'lip_sync_audio']).optional(),
}) as unknown as z.ZodType<ListFilesRequest, ListFilesInput>;

/** A file with its length in seconds, 0 where that is not known. */
export type ListedFile = FileDetail & { duration: number };

export type FilePage = Page<ListedFile>;

export const filePageSchema: z.ZodType<FilePage> = pageSchema(
  (fileDetailSchema as unknown as z.ZodObject).extend({
    duration: z.number().describe('Seconds; 0 where that is not known.'),
  }) as unknown as z.ZodType<ListedFile>,
);
