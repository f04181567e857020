/** What `chanjing-avatar --help` prints. */
export const HELP = `Make a person in a video say something new, on your own machine.

Usage:
  chanjing-avatar lipsync --video V (--text T | --audio A) -o OUT.mp4 [options]
  chanjing-avatar voices [--lang zh] [--json] [--auditions DIR]
  chanjing-avatar demo
  chanjing-avatar <command> --help

lipsync
  --video V            driving video (mp4, mov, webm, mkv, avi, mpg) or still picture (png, jpg)
  --text T             what to say, read aloud by a voice
  --voice ID           voice, see "chanjing-avatar voices" (default: first of the text's language)
  --speed N            tempo of the voice, 0.5 to 2 (default 1)
  --pitch N            pitch of the voice, 0.1 to 3 (default 1)
  --audio A            recording to say instead of text (mp3, m4a, wav, flac, ogg, aac)
  --transcript T       the words of that recording: with them the mouth closes on every p, b and m
  -o, --output OUT     mp4 to make
  --width W            size of the result, even, 64 to 4096, both or neither (default: that of the input);
  --height H           the picture is scaled and cropped to fill
  --backway 1|2        when the driving video ends: 1 starts again (default), 2 runs backwards and forth
  --drive-mode MODE    "normal": begin at its first frame (default), "random": anywhere
  --model 0|1          0 fast (default), 1 finer and slower
  --volume N           loudness of the speech in percent, 1 to 100 (default 100)
  --cover OUT.jpg      also write a picture of the result
  --srt OUT.srt        also write subtitles, a sentence each
  --report OUT.json    also write what was made and how it went
  --json               progress and errors as JSON lines on stderr
  --quiet              no progress

Voices
  --lang L             only those of a language, for example zh
  --auditions DIR      write a sample of each into DIR
  SPEECH_URL           a server with OpenAI's /v1/audio/speech adds its voices; with SPEECH_API_KEY, SPEECH_MODEL
                       and SPEECH_VOICES (names, with commas, when the server does not list them)
  SHERPA_MODEL         directory of a sherpa-onnx model; needs "npm install sherpa-onnx-node"

Servers, your own and the cloud (CHANJING_OPENAPI_BASE_URL)
  serve, apps                          run a server of your own; its keys
  login, logout, status, token         keys and tokens
  voices --server                      voices of the server
  run                                  upload, create, wait and download in one
  upload, create, poll, list, get, cancel, download, speak
  mcp                                  tools for agents
  doctor, completion                   check this machine; complete words in the shell

The path of the result is printed on stdout. Exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted;
with servers also 4 no keys or refused ones, 8 not done yet.
`;
