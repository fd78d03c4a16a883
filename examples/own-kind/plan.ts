import { plan } from 'convex-converge';
import { logStream } from './log-stream.ts';

const planned = await plan({ kinds: [logStream] });
if (planned.type === 'invalid') {
  for (const { code, summary, where } of planned.diagnostics) console.error(where?.line ?? '', code, summary);
  process.exitCode = 1;
} else {
  for (const { action, address } of planned.plan.changes) console.log(action, address);
}
