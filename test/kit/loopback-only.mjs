// Preloaded into programs of others: a connection to any other machine is refused, and said so on stderr.
import net from 'node:net';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);
const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...args) {
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  const options = typeof first === 'object' && first !== null ? first : { port: first, host: args[1] };
  const { host = 'localhost', path } = options;
  if (!path && !LOOPBACK.has(host)) {
    process.stderr.write(`LEFT THE MACHINE: ${host}\n`);
    process.nextTick(() => this.destroy(new Error(`not loopback: ${host}`)));
    return this;
  }
  return connect.apply(this, args);
};
