// What a process holds, seen from outside: what of its heap is alive, its resident memory, its descriptors.
import { readdir, readFile } from 'node:fs/promises';
import { WebSocket } from 'ws';

export interface Vitals {
  readonly liveBytes: number;
  readonly residentBytes: number;
  readonly descriptors: number;
  readonly cpuSeconds: number;
}

/** What is alive, apart: what the program keeps, and what V8 has compiled of it, which grows as long as it still gets faster. */
export interface Alive {
  readonly keptBytes: number;
  readonly compiledBytes: number;
}

/** Over the inspector of the process (`--inspect=127.0.0.1:0`): it collects before it answers, so garbage does not count. */
export async function openVitals(
  pid: number,
  inspector: string,
): Promise<{ read(): Promise<Vitals>; alive(): Promise<Alive>; close(): void }> {
  const socket = new WebSocket(inspector, { maxPayload: 2 ** 30 });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map<number, (result: unknown) => void>();
  const chunks: string[] = [];
  socket.on('message', (data: Buffer) => {
    const { id, result, params } = JSON.parse(data.toString('utf8')) as Said;
    if (params?.chunk !== undefined) chunks.push(params.chunk);
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
    async alive() {
      await call('HeapProfiler.collectGarbage');
      await call('HeapProfiler.takeHeapSnapshot');
      return aliveIn(JSON.parse(chunks.splice(0).join('')) as HeapSnapshot);
    },
    close: () => socket.close(),
  };
}

interface Said {
  readonly id?: number;
  readonly result?: unknown;
  readonly params?: { readonly chunk?: string };
}

interface HeapSnapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly [readonly string[]] };
  };
  readonly nodes: readonly number[];
}

/** Types of nodes that V8 makes for itself: code with what it has learned of it, shapes of objects. */
const COMPILED: ReadonlySet<string> = new Set(['code', 'hidden', 'object shape']);

function aliveIn({ snapshot: { meta }, nodes }: HeapSnapshot): Alive {
  const [types] = meta.node_types;
  const width = meta.node_fields.length;
  const [type, size] = [meta.node_fields.indexOf('type'), meta.node_fields.indexOf('self_size')];
  let keptBytes = 0;
  let compiledBytes = 0;
  for (let at = 0; at < nodes.length; at += width) {
    const bytes = nodes[at + size] ?? 0;
    if (COMPILED.has(types[nodes[at + type] ?? 0] ?? '')) compiledBytes += bytes;
    else keptBytes += bytes;
  }
  return { keptBytes, compiledBytes };
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
