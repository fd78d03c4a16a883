// Sends reads as fast as the limits allow, for some seconds, and prints when each was written to its connection, as the
// network stack says it. Started by rate.ts, in a process of its own.
import { subscribe } from 'node:diagnostics_channel';
import { PlatformError } from '../src/model/error.ts';
import { Secret } from '../src/model/secret.ts';
import { NO_PROXIES } from '../src/providers/http/proxies.ts';
import { openProvider } from '../src/providers/registry.ts';
import { systemChance, systemClock } from '../src/compose/machine.ts';

const [url, rate, seconds] = process.argv.slice(2);
if (url === undefined) throw new Error('rate-client.ts URL RATE SECONDS');

// A call of 75 ms on average, several at once: enough that only the rate decides.
const concurrency = Math.ceil(Number(rate) * 0.3) + 5;
const provider = openProvider({
  dialect: 'official',
  apiUrl: `${url}/v1`,
  token: new Secret('sandbox-bench'),
  allowHosts: [],
  ca: null,
  proxies: NO_PROXIES,
  rate: Number(rate),
  concurrency,
  timeoutMs: 30_000,
  clock: systemClock,
  chance: systemChance,
  onEvent: () => undefined,
  version: '0.0.0',
});
const sent: number[] = [];
subscribe('undici:client:sendHeaders', () => sent.push(performance.now()));
const over = AbortSignal.timeout(Number(seconds) * 1000);
await Promise.all(
  Array.from({ length: concurrency + 5 }, async () => {
    while (!over.aborted) {
      try {
        await provider.identify(over);
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error;
      }
    }
  }),
);
await provider.close();
console.log(JSON.stringify(sent));
