/** Numbers and values as a person reads them. */
import { PARAMS } from '../schema/params.ts';
import type { Config, Param, ParamId } from '../schema/params.ts';

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Three significant digits, thousands grouped, powers of ten only where zeros would pile up. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return '–';
  if (size >= 1000) return grouped.format(value);
  if (size !== 0 && size < 0.001)
    return value.toExponential(1).replace('-', '−').replace('e', ' e');
  return withMinus(Number(value.toPrecision(3)).toString());
}

/** `1.2 MB`; as disks are sold, in powers of ten. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1e9) return `${formatNumber(bytes / 1e9)} GB`;
  if (bytes >= 1e6) return `${formatNumber(bytes / 1e6)} MB`;
  return `${formatNumber(Math.ceil(bytes / 1e3))} KB`;
}

/** Always two decimals: for columns whose digits should line up. What rounds to 0 has no sign. */
export function formatFixed(value: number): string {
  const text = value.toFixed(2);
  return Number(text) === 0 ? '0.00' : withMinus(text);
}

/** 104,000 → "104 k". */
export function formatCompact(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  return value >= 10_000 ? `${Math.round(value / 1000)} k` : formatNumber(value);
}

/** As short as it can be, for an axis: "0.05", "2e−4", "104 k". */
export function formatTick(value: number): string {
  const size = Math.abs(value);
  if (size >= 10_000) return formatCompact(value);
  if (size !== 0 && size < 0.001) return withMinus(Number(value.toPrecision(3)).toExponential());
  return formatNumber(value);
}

/** Seconds as a clock shows them: "0.5 s", "42 s", "1:30", "2:05:00". */
export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${formatNumber(seconds < 10 ? seconds : Math.round(seconds))} s`;
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = two(whole % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** A parameter's value as it is typed: every digit that matters, no grouping. */
export function formatEntry(value: number): string {
  return Number(value.toPrecision(10)).toString();
}

export function formatParam<K extends ParamId>(id: K, value: Config[K]): string {
  const param: Param = PARAMS[id];
  if (param.kind === 'choice') return param.options[String(value)] ?? String(value);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return formatEntry(Number(value));
}

function withMinus(text: string): string {
  return text.replace('-', '−');
}
