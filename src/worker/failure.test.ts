import { expect, it } from 'vitest';
import { failureOf } from './failure.ts';

it.each([
  [new RangeError('Array buffer allocation failed'), /^out of memory: .*lower batchGroups/],
  [
    new RangeError('Invalid typed array length: 99999999999'),
    /^out of memory: .*lower batchGroups/,
  ],
  // As a replica's worker tells it.
  [new Error('out of memory: 3 MB could not be had; lower batchGroups'), /^out of memory: 3 MB/],
])('tells of memory what to lower: %s', (error, expected) => {
  const { message, kind } = failureOf(error);
  expect(kind).toBe('memory');
  expect(message).toMatch(expected);
  expect(message.match(/lower batchGroups/g)).toHaveLength(1);
});

it.each([
  'graphics device: reading back failed',
  'commands: the graphics device is gone',
  'the graphics device was lost: it was unplugged',
])('tells of a graphics device that is gone: %s', (message) => {
  expect(failureOf(new Error(message))).toEqual({ message, kind: 'graphics' });
});

it('takes a buffer that no device has room for as a matter of memory', () => {
  const message =
    'buffer of 9 bytes: the graphics device allows at most 8; lower batchGroups, groupSize or hiddenSize';
  expect(failureOf(new RangeError(message))).toEqual({ message, kind: 'memory' });
});

it('tells anything else as it is', () => {
  expect(failureOf(new Error('tree is undefined'))).toEqual({ message: 'tree is undefined' });
  expect(failureOf('odd')).toEqual({ message: 'odd' });
});
