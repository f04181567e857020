import { type CallExample, commandOf, curlOf } from '../calls/call-example.js';

/** Following a task from a program. */
export const followExample = (id: string): CallExample => ({
  curl: curlOf({ method: 'GET', path: '/open/v1/video_lip_sync/events', fields: { id } }),
  sdk: `for await (const task of client.lipSync.follow('${id}')) console.log(task.stage, task.progress, task.seconds_left);`,
  cli: commandOf(['poll', id]),
});

/** Reading how it was made, and getting the video. */
export const resultExample = (id: string): CallExample => ({
  curl: curlOf({ method: 'GET', path: '/open/v1/video_lip_sync/report', fields: { id } }),
  sdk: `const { task, report } = await client.lipSync.report('${id}');\nconst video = await client.download(task.video_url);`,
  cli: commandOf(['download', id], { output: `${id}.mp4` }),
});
