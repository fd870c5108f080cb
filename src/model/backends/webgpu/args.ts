/** What a kernel is given, on this device. */
import type { Kernels } from '../../fused/kernels.ts';
import type { GpuBlock } from './device.ts';

export type Args<K extends keyof Kernels> = Parameters<Kernels<GpuBlock>[K]>[0];
