// A worker of the render queue alone, whose renders take no time to speak of. Arguments: database URL, table that each
// start of a job is noted in. Works until it is told to end, then says how much processor it took.
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import pino from 'pino';
import { openDatabase } from '../database/database.js';
import { startJobQueue } from '../queue/job-queue.js';
import { performJob } from '../queue/perform-job.js';
import { startWorker } from '../queue/worker.js';

const [databaseUrl, table] = process.argv.slice(2) as [string, string];
const RENDER_MS = 20;

const { db, pool } = await openDatabase({ connectionString: databaseUrl }, () => {});
const jobs = await startJobQueue({ db, pool }, () => {});
console.log('ready');
const before = process.cpuUsage();
const worker = startWorker({
  queue: 'render',
  jobs,
  concurrency: 2,
  perApp: 2,
  log: pino({ level: 'silent' }),
  handle: (job, signal) =>
    performJob({ db, jobs }, job, signal, {
      begin: async (trx, { data }) => {
        await sql`insert into ${sql.table(table)} (job) values (${data.id})`.execute(trx);
        return data.id;
      },
      work: async () => sleep(RENDER_MS),
      endAfterFailure: async (_row, failure) => {
        throw failure;
      },
      settle: async () => true,
    }),
});

const end = async (): Promise<void> => {
  await worker.stop(5000);
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / 1e6);
  await jobs.stop();
  await db.destroy();
  process.exit(0);
};
process.on('SIGTERM', () => void end());
process.on('disconnect', () => process.exit(1));
