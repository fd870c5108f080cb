/** What a kernel is given, on this device. */
import type { Kernels } from '../../fused/kernels.ts';
import type { GpuSlice } from './device.ts';

export type Args<K extends keyof Kernels> = Parameters<Kernels<GpuSlice>[K]>[0];
