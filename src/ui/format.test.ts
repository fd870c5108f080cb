import { describe, expect, it } from 'vitest';
import {
  formatCompact,
  formatDuration,
  formatEntry,
  formatNumber,
  formatParam,
  formatTick,
} from './format.ts';

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [0.12345, '0.123'],
    [-0.5, '−0.5'],
    [12, '12'],
    [104_000, '104,000'],
    [0.00002, '2.0 e−5'],
    [NaN, '–'],
  ])('%d reads %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('formatCompact', () => {
  it.each([
    [950, '950'],
    [5367, '5,367'],
    [104_321, '104 k'],
    [4_712_000, '4.71 M'],
  ])('%d reads %s', (value, text) => {
    expect(formatCompact(value)).toBe(text);
  });
});

describe('formatTick', () => {
  it.each([
    [0.05, '0.05'],
    [0.0002, '2e−4'],
    [-250, '−250'],
    [104_000, '104 k'],
  ])('%d reads %s', (value, text) => {
    expect(formatTick(value)).toBe(text);
  });
});

describe('formatDuration', () => {
  it.each([
    [0.5, '0.5 s'],
    [42.4, '42 s'],
    [90, '1:30'],
    [7500, '2:05:00'],
  ])('%d reads %s', (value, text) => {
    expect(formatDuration(value)).toBe(text);
  });
});

describe('entries and values', () => {
  it('are written as they could be typed', () => {
    expect(formatEntry(0.1 + 0.2)).toBe('0.3');
    expect(formatParam('learningRate', 0.000001)).toBe('0.000001');
    expect(formatParam('seed', 2147483647)).toBe('2147483647');
    expect(formatParam('maskTruncated', true)).toBe('on');
    expect(formatParam('eviction', 'oldest')).toBe('oldest leaves');
  });
});
