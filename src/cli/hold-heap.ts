import { setFlagsFromString } from 'node:v8';

/**
 * The part of the heap for new objects grows no further. By itself it doubles up to 64 MB while rows stream through,
 * which saves no time: hardly one of them lives longer than its batch. Its limit can only be set when a process starts;
 * the factor by which it grows is read each time (`node --v8-options`).
 */
export function holdYoungHeap(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
