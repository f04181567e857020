// A server in a process of its own. Arguments: flags of its settings as JSON, and its render program. Says its URL and
// first app as JSON, and runs until it is told to end.
import { readSettings } from '../read-settings.js';
import { serve } from '../serve.js';

const [flags, program] = process.argv.slice(2) as [string, string];
const { settings } = readSettings(JSON.parse(flags), {});
const server = await serve({ settings, program });
const end = (): void => void server.stop().then(() => process.exit(0));
process.on('SIGTERM', end);
process.on('disconnect', end);
console.log(JSON.stringify({ url: server.url, firstApp: server.firstApp }));
