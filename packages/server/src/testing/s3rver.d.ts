declare module '@20minutes/s3rver' {
  type Options = {
    directory: string;
    address: string;
    port: number;
    silent: boolean;
    allowMismatchedSignatures: boolean;
    configureBuckets: { name: string }[];
  };

  export default class S3rver {
    constructor(options: Options);
    run(): Promise<unknown>;
  }
}
