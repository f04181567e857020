// An S3 that others reach over HTTP; its keys are S3RVER. Arguments: directory, address, port, bucket. Says "ready" and
// runs until it is told to end. It takes calls of a bucket for wrongly signed, and knows no conditions: what depends on
// signatures is only proven with the S3 that S3_TEST_ENDPOINT names.
import S3rver from '@20minutes/s3rver';

const [directory, address, port, bucket] = process.argv.slice(2) as [string, string, string, string];
await new S3rver({
  directory,
  address,
  port: Number(port),
  silent: true,
  allowMismatchedSignatures: true,
  configureBuckets: [{ name: bucket }],
}).run();
console.log('ready');
for (const event of ['SIGTERM', 'disconnect']) process.on(event, () => process.exit(0));
