import type { ServerResponse } from 'node:http';

/** What a request is answered. */
export interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The response stays open after its head, and is this one's from then on. */
  readonly follow?: (response: ServerResponse) => void;
}

export function json(status: number, body: unknown): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify(body)}\n` };
}
