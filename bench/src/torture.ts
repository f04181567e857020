// Kills and cuts off parts of a server at random moments under uploads and creates, then counts what was lost. Options:
// --rounds N (default 40), --hosts 4 for two API processes and two workers on hosts of their own (network namespaces,
// needs root), --s3 PROGRAM for their S3 (versitygw; else the one of the tests). Prints a table; ends with 1 when
// anything was lost, doubled or left behind.
import { parseArgs } from 'node:util';
import { tortureHosts } from './torture/hosts.js';
import { tortureOneMachine } from './torture/one-machine.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '40' }, hosts: { type: 'string' }, s3: { type: 'string' } },
});
const rounds = Number(values.rounds);
const faults = values.hosts ? await tortureHosts(rounds, values.s3) : await tortureOneMachine(rounds);
for (const [what, count] of Object.entries(faults)) console.log(`${String(count).padStart(6)}  ${what}`);
process.exit(Object.values(faults).every((count) => count === 0) ? 0 : 1);
