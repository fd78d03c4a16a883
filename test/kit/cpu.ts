/**
 * What `work` gives, and the processor time it took in this process, in milliseconds: what a bound may be put on, since
 * the wall clock also counts whatever else the machine is doing.
 */
export async function onCpu<T>(work: () => T | Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const from = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(from);
  return { result, ms: (user + system) / 1000 };
}
