import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskFullError } from '../errors/disk-full-error.js';
import { VoiceDownloadError } from '../errors/voice-download-error.js';
import { VoiceFileError } from '../errors/voice-file-error.js';
import { archive } from './archives.test.fixture.js';
import { type FileServer, startFileServer } from './file-server.test.fixture.js';
import { installVoice } from './install-voice.js';
import type { VoicePack } from './voice-pack.js';
import { chirp, chirpFiles } from './voice-pack.test.fixture.js';
import { findParts, installedVoices, removeVoice } from './voice-store.js';

let folder: string;
let directory: string;
let server: FileServer;
let pack: VoicePack;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'install-'));
  directory = join(folder, 'voices');
  server = await startFileServer();
  const files = chirpFiles();
  for (const [name, bytes] of files) server.files.set(name, bytes);
  pack = chirp(files, server.url);
});

afterEach(async () => {
  delete process.env.http_proxy;
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const visible = async (): Promise<readonly string[]> =>
  (await readdir(directory).catch((): string[] => [])).filter((name) => !name.startsWith('.'));

/** What lies about beside finished voices: half downloads and half unpacked ones. */
const leftovers = async (): Promise<readonly string[]> =>
  (
    await Promise.all(
      ['.downloads', '.staged', '.locks'].map((name) =>
        readdir(join(directory, name)).catch((): string[] => []),
      ),
    )
  ).flat();

const names = async (): Promise<readonly string[]> =>
  (await installedVoices(directory)).map(({ manifest }) => manifest.name);

/** Runs `installVoice` in a process of its own that kills itself at a stage, or lives to the end. */
const installElsewhere = (killAt: string): Promise<number | null> => {
  const module = new URL('./install-voice.js', import.meta.url).href;
  const program = `
    import { installVoice } from ${JSON.stringify(module)};
    let seen = 0;
    await installVoice(${JSON.stringify(pack)}, {
      directory: ${JSON.stringify(directory)},
      onProgress: ({ stage, file, bytes }) => {
        const here = stage + ' ' + file;
        if (here === ${JSON.stringify(killAt)} && (stage !== 'download' || bytes > 100000)) process.kill(process.pid, 'SIGKILL');
      },
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
  return new Promise((resolve) => child.on('close', resolve));
};

describe('installVoice', () => {
  it('installs a voice whole, with a manifest, and leaves nothing else', async () => {
    const stages = new Set<string>();
    const result = await installVoice(pack, { directory, onProgress: ({ stage }) => stages.add(stage) });
    expect(result).toBe('installed');
    expect([...stages]).toEqual(['download', 'check', 'unpack']);
    expect(await names()).toEqual(['chirp']);
    expect(await leftovers()).toEqual([]);
    expect((await stat(join(directory, 'chirp', 'vocoder.onnx'))).size).toBe(300_000);
    const manifest = JSON.parse(await readFile(join(directory, 'chirp', 'voice.json'), 'utf8'));
    expect(manifest).toMatchObject({ name: 'chirp', model: { family: 'matcha' } });
    expect(manifest.parts).toBeUndefined();
  });

  it('does nothing when the voice is there already', async () => {
    await installVoice(pack, { directory });
    server.asked.length = 0;
    expect(await installVoice(pack, { directory })).toBe('present');
    expect(server.asked).toEqual([]);
  });

  it('repairs a voice that lost a file', async () => {
    await installVoice(pack, { directory });
    await rm(join(directory, 'chirp', 'tokens.txt'));
    expect(await installVoice(pack, { directory })).toBe('installed');
    expect(await readFile(join(directory, 'chirp', 'tokens.txt'), 'utf8')).toBe('a 0\n');
  });

  it('goes on where the line was cut, again and again', async () => {
    server.cutAfter = 120_000;
    await installVoice(pack, { directory });
    expect(await names()).toEqual(['chirp']);
    expect(server.asked.filter((line) => line.includes('vocoder'))).toEqual([
      'GET /vocoder.onnx',
      'GET /vocoder.onnx 120000-',
      'GET /vocoder.onnx 240000-',
    ]);
  });

  it('says so when the line stays cut, and the next try goes on from there', async () => {
    const whole = server.files.get('vocoder.onnx') as Buffer;
    server.cutAfter = 50_000;
    server.onPiece = () => {
      if (server.asked.length > 1) server.cutAfter = 0;
    };
    const failed = installVoice(pack, { directory });
    await expect(failed).rejects.toThrow(VoiceDownloadError);
    await expect(failed).rejects.toThrow(/of 300000 bytes here/);
    expect(await visible()).toEqual([]);
    server.cutAfter = undefined;
    server.onPiece = undefined;
    server.asked.length = 0;
    await installVoice(pack, { directory });
    expect(server.asked).toEqual([expect.stringMatching(/^GET \/vocoder.onnx \d+-$/)]);
    expect(await readFile(join(directory, 'chirp', 'vocoder.onnx'))).toEqual(whole);
  });

  it('names the address and the answer when there is no such file', async () => {
    server.files.delete('vocoder.onnx');
    await expect(installVoice(pack, { directory })).rejects.toThrow(/vocoder.onnx".*answered 404/);
    expect(await visible()).toEqual([]);
  });

  it('asks a busy server again', async () => {
    server.status = 503;
    setTimeout(() => {
      server.status = undefined;
    }, 300);
    await installVoice(pack, { directory });
    expect(await names()).toEqual(['chirp']);
  });

  it.each([
    ['of another content', (bytes: Buffer) => Buffer.from(bytes).fill(1, 0, 9), /its SHA-256 is/],
    ['too short', (bytes: Buffer) => bytes.subarray(0, 1000), /has 1000 bytes instead of 300000/],
    ['too long', (bytes: Buffer) => Buffer.concat([bytes, bytes]), /has 600000 bytes instead of 300000/],
  ])('refuses a file that is %s and leaves nothing of it', async (_, change, message) => {
    server.files.set('vocoder.onnx', change(server.files.get('vocoder.onnx') as Buffer));
    const failed = installVoice(pack, { directory });
    await expect(failed).rejects.toThrow(VoiceFileError);
    await expect(failed).rejects.toThrow(message);
    expect(await visible()).toEqual([]);
    expect(await leftovers()).not.toContain('vocoder.onnx');
  });

  it.each([
    ['whose network is only a pointer', 'pointer', /model.onnx is no network/],
    ['with a link in it', 'linked', /is a SymbolicLink/],
  ] as const)('refuses an archive %s, though its digest is right', async (_, name, message) => {
    const files = new Map([...chirpFiles(), ['chirp.tar.bz2', archive(name)] as const]);
    for (const [file, bytes] of files) server.files.set(file, bytes);
    await expect(installVoice(chirp(files, server.url), { directory })).rejects.toThrow(message);
    expect(await visible()).toEqual([]);
  });

  it.each(['download vocoder.onnx', 'check vocoder.onnx', 'unpack chirp.tar.bz2'])(
    'survives a kill -9 at "%s": nothing is half there, and the next try finishes',
    async (stage) => {
      server.pace = 50_000;
      expect(await installElsewhere(stage)).toBe(null);
      expect(await visible()).toEqual([]);
      server.asked.length = 0;
      expect(await installVoice(pack, { directory })).toBe('installed');
      expect(await names()).toEqual(['chirp']);
      expect(await leftovers()).toEqual([]);
      // Of what was there whole, nothing was fetched again.
      expect(server.asked).not.toContain('GET /chirp.tar.bz2');
    },
  );

  it('lets the second of two processes wait for the first and find the voice there', async () => {
    server.pace = 50_000;
    const other = installElsewhere('never');
    while (server.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    const stages: string[] = [];
    const onProgress = ({ stage }: { stage: string }): unknown => stages.push(stage);
    expect(await installVoice(pack, { directory, onProgress })).toBe('present');
    expect(stages).toEqual(['wait']);
    expect(await other).toBe(0);
    expect(server.asked).toEqual(['GET /chirp.tar.bz2', 'GET /vocoder.onnx']);
  });

  it('stops when aborted and goes on later', async () => {
    const abort = new AbortController();
    server.pace = 50_000;
    server.onPiece = () => {
      if (server.asked.length > 1) abort.abort(new Error('enough'));
    };
    await expect(installVoice(pack, { directory, signal: abort.signal })).rejects.toThrow('enough');
    expect(await visible()).toEqual([]);
    await installVoice(pack, { directory });
    expect(await names()).toEqual(['chirp']);
  });

  it('takes the files from a mirror on the web, or from a directory', async () => {
    const lost = { ...pack, parts: pack.parts.map((part) => ({ ...part, url: 'http://127.0.0.1:9/lost' })) };
    await installVoice(lost, { directory, mirror: `${server.url}/` });
    expect(await names()).toEqual(['chirp']);
    await removeVoice('chirp', directory, [pack]);
    const stick = join(folder, 'stick');
    await mkdir(stick);
    for (const [name, bytes] of server.files) await writeFile(join(stick, name), bytes);
    await installVoice(lost, { directory, mirror: stick });
    expect(await names()).toEqual(['chirp']);
  });

  it('goes through the proxy of the environment', async () => {
    const target = new URL(server.url);
    const seen: string[] = [];
    const proxy = createServer((incoming, response) => {
      seen.push(incoming.url ?? '');
      const path = new URL(incoming.url ?? '').pathname;
      const onward = request({ host: target.hostname, port: target.port, path, headers: incoming.headers });
      onward.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.end();
    }).on('connect', (incoming, socket) => {
      seen.push(incoming.url ?? '');
      const onward = connect(Number(target.port), target.hostname, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      for (const end of [onward, socket]) end.on('error', () => end.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    process.env.http_proxy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    await installVoice(chirp(server.files, 'http://voices.invalid'), { directory });
    proxy.closeAllConnections();
    proxy.close();
    expect(await names()).toEqual(['chirp']);
    expect(seen.every((address) => address.includes('voices.invalid'))).toBe(true);
  });

  it('installs files that were brought along, whatever they are called, without asking anybody', async () => {
    const paths: string[] = [];
    for (const [name, bytes] of server.files) {
      const path = join(folder, `brought (1) ${name}.bin`);
      await writeFile(path, bytes);
      paths.push(path);
    }
    const [brought] = await findParts(paths, [pack]);
    expect(brought.pack.name).toBe('chirp');
    await installVoice(brought.pack, { directory, files: brought.files });
    expect(await names()).toEqual(['chirp']);
    expect(server.asked).toEqual([]);
    expect(await readdir(folder)).toEqual(
      expect.arrayContaining(paths.map((path) => path.slice(folder.length + 1))),
    );
  });

  it('says what is wrong with a file that belongs to no voice', async () => {
    const path = join(folder, 'vocoder.onnx');
    await writeFile(path, 'x');
    await expect(findParts([path], [pack])).rejects.toThrow(/it has 1 bytes instead of 300000/);
    await expect(findParts([join(folder, 'nothing')], [pack])).rejects.toThrow(/no readable file/);
  });

  describe('on a full disk', () => {
    const mounted = async (kilobytes: number): Promise<boolean> => {
      await mkdir(directory);
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', directory], {
          stdio: 'ignore',
        });
        return true;
      } catch {
        return false;
      }
    };

    it('says so before it begins', async ({ skip }) => {
      if (!(await mounted(1000))) return skip('mounting needs root');
      try {
        await expect(installVoice(pack, { directory })).rejects.toThrow(DiskFullError);
        expect(server.asked).toEqual([]);
      } finally {
        execFileSync('umount', ['-l', directory]);
      }
    });

    it('leaves nothing when the disk fills up on the way', async ({ skip }) => {
      if (!(await mounted(2000))) return skip('mounting needs root');
      try {
        server.pace = 50_000;
        let filling: Promise<void> | undefined;
        server.onPiece = () => {
          if (server.asked.length > 1)
            filling ??= writeFile(join(directory, '.other'), Buffer.alloc(4_000_000)).catch(() => {});
        };
        await expect(installVoice(pack, { directory })).rejects.toThrow(DiskFullError);
        await filling;
        expect(await visible()).toEqual([]);
        expect(await leftovers()).toEqual([]);
      } finally {
        execFileSync('umount', ['-l', directory]);
      }
    });
  });
});

describe('removeVoice', () => {
  it('removes a voice, and says which there are when there is no such', async () => {
    await installVoice(pack, { directory });
    await expect(removeVoice('nobody', directory, [pack])).rejects.toThrow(/Expected one of: chirp/);
    await removeVoice('chirp', directory, [pack]);
    expect(await names()).toEqual([]);
    expect(await leftovers()).toEqual([]);
  });
});
