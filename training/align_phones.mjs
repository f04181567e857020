// Finds when known phones are said, by the engine's own aligner and the shipped net.
// stdin: one JSON object a line, {"path": sound file, "ipa": [...]}.
// stdout: one a line, {"mismatch": nats a frame or null, "phones": [[start, end, ipa], ...]}.
import { createInterface } from 'node:readline';
import { alignPhones, decodeAudio, listenToSpeech } from '#engine/internals';

const RATE = 16_000;

for await (const line of createInterface({ input: process.stdin })) {
  const { path, ipa } = JSON.parse(line);
  const { mismatch, phones } = alignPhones(await listenToSpeech(await decodeAudio(path, RATE)), ipa);
  console.log(
    JSON.stringify({ mismatch, phones: phones.map(({ start, end, ipa: sound }) => [start, end, sound]) }),
  );
}
