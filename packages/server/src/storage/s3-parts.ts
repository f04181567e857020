import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { call } from './s3-client.js';

/**
 * Makes an object of parts: it is there when all of them are, and nothing of them when this fails.
 *
 * @param send brings the parts and says what they are called, in their order
 */
export const inParts = async (
  client: S3Client,
  object: CreateMultipartUploadCommandInput,
  send: (uploadId: string) => Promise<CompletedPart[]>,
): Promise<void> => {
  const { Bucket, Key } = object;
  const { UploadId } = await call(() => client.send(new CreateMultipartUploadCommand(object)));
  try {
    const MultipartUpload = { Parts: await send(UploadId!) };
    await call(() =>
      client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload })),
    );
  } catch (error) {
    // What this leaves behind when it fails too, the bucket's own rule for unfinished uploads removes.
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => {});
    throw error;
  }
};
