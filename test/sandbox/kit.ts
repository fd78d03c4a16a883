import { onTestFinished } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/server.ts';

/** 2026-11-20T00:00:00Z: where the tests' clock starts. */
export const T0 = Date.UTC(2026, 10, 20);
export const MINUTE = 60_000;
export const DAY = 86_400_000;

export interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- what tests look into; official-types.test.ts has the types
  readonly json: any;
  readonly text: string;
  readonly headers: Headers;
}

export interface Kit extends Sandbox {
  /** Moves the platform's clock. */
  readonly advance: (ms: number) => void;
  readonly now: () => number;
  /** A management request; the path without `/v1`. */
  readonly call: (method: string, path: string, body?: unknown, token?: string) => Promise<Answer>;
  /** A request to a deployment's API; the path without `/api/v1`. */
  readonly at: (deploymentUrl: string, method: string, path: string, body?: unknown, token?: string) => Promise<Answer>;
}

export async function send(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, json, text, headers: response.headers };
}

/** A sandbox for one test, on a clock that only the test moves. */
export async function open(options: SandboxOptions = {}): Promise<Kit> {
  let now = T0;
  const sandbox = await startSandbox({ clock: () => now, ...options });
  onTestFinished(() => sandbox.close());
  const request = (url: string, method: string, authorization: string, body: unknown) =>
    send(url, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    ...sandbox,
    advance(ms) {
      now += ms;
    },
    now: () => now,
    call: (method, path, body, token = 'sandbox') =>
      request(`${sandbox.url}/v1${path}`, method, `Bearer ${token}`, body),
    at: (deploymentUrl, method, path, body, token = 'sandbox') =>
      request(`${deploymentUrl}/api/v1${path}`, method, `Convex ${token}`, body),
  };
}
