import { asLeader, type LeaderDuty } from '../database/leader.js';
import type { Services } from '../services.js';
import { carryOutDeletions } from '../storage/pending-deletions.js';
import { lookAtArrivals } from './direct-uploads.js';
import { sweep } from './sweep.js';

const HOUR_MS = 3_600_000;
const TIDY_MS = 15_000;

/** What cannot wait for an hour: uploads that nobody asked about, deletions that failed. */
const tidy = async (services: Services): Promise<void> => {
  await lookAtArrivals(services);
  await carryOutDeletions(services);
};

/** Does it now and every so often, where no other server does; returns how to stop, which waits for work under way. */
const repeat = (
  { db, log }: Services,
  duty: LeaderDuty,
  everyMs: number,
  work: () => Promise<void>,
): (() => Promise<void>) => {
  let running: Promise<void> | undefined;
  const run = (): void => {
    running ??= asLeader(db, duty, work)
      .catch((error) => log.error({ duty, error: String(error) }, 'could not sweep'))
      .finally(() => {
        running = undefined;
      });
  };
  run();
  const timer = setInterval(run, everyMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
};

/** Sweeps and tidies now and from then on; returns how to stop. */
export const startSweeping = (services: Services): (() => Promise<void>) => {
  const stops = [
    repeat(services, 'sweep', HOUR_MS, () => sweep(services)),
    repeat(services, 'tidy', TIDY_MS, () => tidy(services)),
  ];
  return async () => void (await Promise.all(stops.map((stop) => stop())));
};
