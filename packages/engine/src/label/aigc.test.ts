import { expect, it } from 'vitest';
import { aigcMetadata, createAigcLabel } from './aigc.js';

it('has the fields of GB 45438-2025, all of them strings', () => {
  const label = createAigcLabel();
  expect(Object.keys(JSON.parse(aigcMetadata(label).AIGC))).toEqual([
    'Label',
    'ContentProducer',
    'ProduceID',
    'ReservedCode1',
    'ContentPropagator',
    'PropagateID',
    'ReservedCode2',
  ]);
  expect(Object.values(label).every((value) => typeof value === 'string')).toBe(true);
  expect(label).toMatchObject({ Label: '1', ContentProducer: 'chanjing-avatar' });
});

it('numbers every production anew', () => {
  expect(createAigcLabel().ProduceID).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  expect(createAigcLabel().ProduceID).not.toBe(createAigcLabel().ProduceID);
});
