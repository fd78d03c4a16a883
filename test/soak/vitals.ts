// What a process holds, seen from outside: what of its heap is alive, its resident memory, its descriptors.
import { readdir, readFile } from 'node:fs/promises';
import { WebSocket } from 'ws';

export interface Vitals {
  readonly liveBytes: number;
  readonly residentBytes: number;
  readonly descriptors: number;
  readonly cpuSeconds: number;
}

/** Over the inspector of the process (`--inspect=127.0.0.1:0`): it collects before it answers, so garbage does not count. */
export async function openVitals(pid: number, inspector: string): Promise<{ read(): Promise<Vitals>; close(): void }> {
  const socket = new WebSocket(inspector);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map<number, (result: unknown) => void>();
  socket.on('message', (data: Buffer) => {
    const { id, result } = JSON.parse(data.toString('utf8')) as { readonly id?: number; readonly result?: unknown };
    if (id === undefined) return;
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  let next = 0;
  const call = (method: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++next;
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method }), (error) => {
        if (error !== undefined && error !== null) reject(error);
      });
    });
  await call('HeapProfiler.enable');
  return {
    async read() {
      await call('HeapProfiler.collectGarbage');
      const { usedSize } = (await call('Runtime.getHeapUsage')) as { readonly usedSize: number };
      const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
      const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
      const times = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return {
        liveBytes: usedSize,
        residentBytes: 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]),
        descriptors: (await readdir(`/proc/${String(pid)}/fd`)).length,
        // Ticks of a hundredth of a second: `getconf CLK_TCK` on every Linux that Node runs on.
        cpuSeconds: (Number(times[11]) + Number(times[12])) / 100,
      };
    },
    close: () => socket.close(),
  };
}

/** Of a straight line through the points (least squares), per hour. `at` in milliseconds. */
export function slopePerHour(points: readonly { readonly at: number; readonly value: number }[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const at = mean(points.map((point) => point.at));
  const value = mean(points.map((point) => point.value));
  const above = points.reduce((sum, point) => sum + (point.at - at) * (point.value - value), 0);
  const below = points.reduce((sum, point) => sum + (point.at - at) ** 2, 0);
  return (above / below) * 3_600_000;
}
