import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ChanjingError } from '@chanjing-avatar/client';
import { baseUrlOf, CredentialsMissingError, findCredentials } from '@chanjing-avatar/client/node';
import { connect } from '../cloud/connect.js';
import type { Command } from '../command/command.js';
import { explainFailure } from '../command/failure.js';
import type { Io } from '../command/io.js';
import { EXIT } from '../command/io.js';
import type { Bilingual } from '../command/locale.js';
import { voiceSettings } from '../local/voice-settings.js';

type Finding = { readonly ok: boolean; readonly about: Bilingual };

type Check = { readonly name: string; readonly exit: number; look(io: Io): Promise<Finding> };

const OLDEST_NODE = [20, 19] as const;
const LARGEST_SKEW_SECONDS = 120;

const both = (text: string): Bilingual => ({ en: text, zh: text });

const node = async (): Promise<Finding> => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const version = process.versions.node;
  if (ok) return { ok, about: both(version) };
  const least = OLDEST_NODE.join('.');
  return {
    ok,
    about: { en: `${version}; install ${least} or newer`, zh: `${version};请安装 ${least} 或更新版本` },
  };
};

/** The engine's variables for programs in other places. */
const PLACES = { ffmpeg: 'FFMPEG_PATH', ffprobe: 'FFPROBE_PATH' } as const;

const program =
  (name: keyof typeof PLACES) =>
  async ({ environment }: Io): Promise<Finding> => {
    try {
      const { stdout } = await promisify(execFile)(environment[PLACES[name]] || name, ['-version'], {
        timeout: 10_000,
      });
      return { ok: true, about: both(stdout.split('\n')[0]!.split(' Copyright')[0]!) };
    } catch {
      const install = 'sudo apt-get install -y ffmpeg / brew install ffmpeg';
      return {
        ok: false,
        about: {
          en: `missing (only needed here for lipsync and serve): ${install}`,
          zh: `未安装(仅本机 lipsync 与 serve 需要): ${install}`,
        },
      };
    }
  };

const credentials = async ({ environment }: Io): Promise<Finding> => {
  try {
    return { ok: true, about: both(findCredentials(environment).source) };
  } catch (error) {
    if (!(error instanceof CredentialsMissingError)) throw error;
    return {
      ok: false,
      about: { en: 'none; run: chanjing-avatar login', zh: '没有密钥;请运行: chanjing-avatar login' },
    };
  }
};

/** Whether the keys get a token, which also tells whether the server is there. */
const server = async (io: Io): Promise<Finding> => {
  const client = connect(io);
  await client.voices.list({ size: 1 }, { signal: io.signal }).page();
  return { ok: true, about: both(client.baseUrl) };
};

const clock = async ({ environment, signal }: Io): Promise<Finding> => {
  const begin = Date.now();
  const limited = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
  const response = await fetch(baseUrlOf(environment), { method: 'HEAD', signal: limited });
  const theirs = Date.parse(response.headers.get('date') ?? '');
  if (Number.isNaN(theirs))
    return { ok: true, about: { en: 'the server tells no time', zh: '服务器未提供时间' } };
  const skew = Math.round(((begin + Date.now()) / 2 - theirs) / 1000);
  const ok = Math.abs(skew) <= LARGEST_SKEW_SECONDS;
  if (ok)
    return {
      ok,
      about: { en: `within ${Math.abs(skew)} s of the server`, zh: `与服务器相差 ${Math.abs(skew)} 秒` },
    };
  return {
    ok,
    about: {
      en: `${skew} s off the server's: set this machine's clock, or tokens and upload URLs seem expired`,
      zh: `与服务器相差 ${skew} 秒:请校准本机时间,否则 Token 与上传链接会被视为过期`,
    },
  };
};

const voices = async ({ environment }: Io): Promise<Finding> => {
  const { openVoices } = await import('@chanjing-avatar/engine');
  const catalogue = openVoices(voiceSettings(environment));
  try {
    const { length } = await catalogue.voices();
    return { ok: true, about: { en: `${length} to read text`, zh: `${length} 个可朗读文本` } };
  } finally {
    await catalogue.close();
  }
};

/** What it takes to make videos here, and to use a server. */
const HERE: readonly Check[] = [
  { name: 'Node.js', exit: EXIT.failure, look: node },
  { name: 'ffmpeg', exit: EXIT.failure, look: program('ffmpeg') },
  { name: 'ffprobe', exit: EXIT.failure, look: program('ffprobe') },
  { name: 'voices', exit: EXIT.failure, look: voices },
];
const SERVERS: readonly Check[] = [
  { name: 'credentials', exit: EXIT.authentication, look: credentials },
  { name: 'server', exit: EXIT.failure, look: server },
  { name: 'clock', exit: EXIT.failure, look: clock },
];

/** Whether somebody means to use a server from here: they named one, or saved keys, even broken ones. */
const usesServer = (environment: NodeJS.ProcessEnv): boolean => {
  if (environment.CHANJING_OPENAPI_BASE_URL || environment.CHANJING_API_BASE) return true;
  try {
    findCredentials(environment);
    return true;
  } catch (error) {
    return !(error instanceof CredentialsMissingError);
  }
};

const RENDERS_HERE: Readonly<Record<'yes' | 'no', Bilingual>> = {
  yes: { en: 'videos can be made on this machine', zh: '可在本机生成视频' },
  no: {
    en: 'no videos on this machine before the above is mended',
    zh: '先解决以上问题,才能在本机生成视频',
  },
};

const NO_SERVER: Bilingual = {
  en:
    'none is set up, and lipsync needs none. One is for run, create, mcp and the skills: your own ' +
    '(chanjing-avatar serve, then set CHANJING_OPENAPI_BASE_URL) or the cloud (chanjing-avatar login)',
  zh:
    '未设置,lipsync 也不需要。run、create、mcp 与技能才需要服务器:自建' +
    '(chanjing-avatar serve,再设 CHANJING_OPENAPI_BASE_URL)或云端(chanjing-avatar login)',
};

const looked = async (check: Check, io: Io): Promise<Finding> => {
  try {
    return await check.look(io);
  } catch (error) {
    const about = explainFailure(error, io);
    // `fetch` says only "fetch failed"; the server check has said more by then.
    const isTold = error instanceof ChanjingError || !SERVERS.includes(check);
    return { ok: false, about: both(isTold ? about : `${about} (${baseUrlOf(io.environment)})`) };
  }
};

/** A row of the answer; `ok` is null for a part that is not used. */
type Row = { readonly check: string; readonly ok: boolean | null; readonly about: string };

const MARKS = new Map<boolean | null, string>([
  [true, '✓'],
  [false, '✗'],
  [null, '–'],
]);

export const doctor: Command = {
  options: { json: { about: { en: 'findings as JSON', zh: '以 JSON 输出' } } },
  run: async ({ switches }, io) => {
    const rows: Row[] = [];
    const tell = (check: string, ok: boolean | null, about: Bilingual): void => {
      rows.push({ check, ok, about: about[io.locale] });
      if (!switches.has('json')) io.out(`${MARKS.get(ok)} ${check}: ${about[io.locale]}`);
    };
    const examine = async (checks: readonly Check[]): Promise<number> => {
      let exit: number = EXIT.ok;
      for (const check of checks) {
        const { ok, about } = await looked(check, io);
        if (!ok) exit ||= check.exit;
        tell(check.name, ok, about);
      }
      return exit;
    };
    const here = await examine(HERE);
    tell('lipsync', here === EXIT.ok, RENDERS_HERE[here === EXIT.ok ? 'yes' : 'no']);
    const isUsed = usesServer(io.environment);
    const servers = isUsed ? await examine(SERVERS) : EXIT.ok;
    if (!isUsed) tell('server', null, NO_SERVER);
    if (switches.has('json')) io.out(JSON.stringify(rows));
    // Who uses a server may do without ffmpeg here, but not without Node.js.
    const isNodeOld = rows[0]?.ok === false;
    return isUsed && !isNodeOld ? servers : here;
  },
};
