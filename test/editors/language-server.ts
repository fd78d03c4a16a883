import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SERVER = fileURLToPath(
  new URL('../../node_modules/yaml-language-server/bin/yaml-language-server', import.meta.url),
);
const PRELOAD = new URL('../kit/loopback-only.mjs', import.meta.url).href;

/** What an editor sets so that nothing is downloaded. */
const SETTINGS = { schemaStore: { enable: false }, kubernetesCRDStore: { enable: false }, hoverSchemaSource: false };

/** How long an answer may take, in ms. */
const PATIENCE = 15_000;

export interface Place {
  /** From 0, as the protocol counts. */
  readonly line: number;
  readonly character: number;
}

export interface EditorDiagnostic {
  readonly range: { readonly start: Place; readonly end: Place };
  readonly message: string;
  readonly severity: number;
}

export interface CompletionItem {
  readonly label: string;
  readonly insertText?: string;
  readonly documentation?: string | { readonly value: string };
}

/** `yaml-language-server` as an editor runs it: a process of its own, over stdio, without a network. */
export interface LanguageServer extends AsyncDisposable {
  /** Opens a document under the path of a file; resolves with what the server has to say about it. */
  readonly open: (path: string, text: string) => Promise<readonly EditorDiagnostic[]>;
  readonly complete: (path: string, at: Place) => Promise<readonly CompletionItem[]>;
  /** The text of the hover, empty where there is none. */
  readonly hover: (path: string, at: Place) => Promise<string>;
  /** All of stderr so far. */
  readonly complaints: () => string;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const uriOf = (path: string): string => pathToFileURL(path).href;

export async function startLanguageServer(): Promise<LanguageServer> {
  const child = spawn(process.execPath, ['--import', PRELOAD, SERVER, '--stdio'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  });
  const waiting = new Map<string, Waiting>();
  let stderr = '';
  let requests = 0;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error(`the language server ended: ${stderr}`));
  });

  /** The next event of that name, or an error when it does not come in time. */
  async function expected<Value>(name: string): Promise<Value> {
    const answer = Promise.withResolvers<unknown>();
    waiting.set(name, answer);
    const late = setTimeout(() => answer.reject(new Error(`no ${name} within ${String(PATIENCE)} ms`)), PATIENCE);
    try {
      return (await answer.promise) as Value;
    } finally {
      clearTimeout(late);
      waiting.delete(name);
    }
  }

  function send(message: Message): void {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    child.stdin.write(Buffer.concat([Buffer.from(`Content-Length: ${String(body.length)}\r\n\r\n`), body]));
  }

  function receive({ id, method, params, result, error }: Message): void {
    if (method === undefined) {
      if (error === undefined) waiting.get(`reply ${String(id)}`)?.resolve(result);
      else waiting.get(`reply ${String(id)}`)?.reject(new Error(error.message));
    } else if (method === 'workspace/configuration' && id !== undefined) {
      const { items } = params as { readonly items: readonly { readonly section: string }[] };
      send({ id, result: items.map(({ section }) => (section === 'yaml' ? SETTINGS : null)) });
    } else if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = params as { readonly uri: string; readonly diagnostics: unknown };
      waiting.get(`diagnostics of ${uri}`)?.resolve(diagnostics);
    } else if (id !== undefined) {
      send({ id, result: null });
    }
  }

  child.stdout.on('data', framesTo(receive));

  async function request<Value>(method: string, params: unknown): Promise<Value> {
    const id = ++requests;
    const reply = expected<Value>(`reply ${String(id)}`);
    send({ id, method, params });
    return reply;
  }

  await request('initialize', {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: null,
    capabilities: {
      workspace: { configuration: true },
      textDocument: {
        completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
        hover: { contentFormat: ['plaintext'] },
      },
    },
  });
  send({ method: 'initialized', params: {} });

  const textDocument = (path: string) => ({ uri: uriOf(path) });
  return {
    async open(path, text) {
      const diagnostics = expected<readonly EditorDiagnostic[]>(`diagnostics of ${uriOf(path)}`);
      const document = { uri: uriOf(path), languageId: 'yaml', version: 1, text };
      send({ method: 'textDocument/didOpen', params: { textDocument: document } });
      return diagnostics;
    },
    async complete(path, position) {
      const params = { textDocument: textDocument(path), position };
      return (await request<{ readonly items: readonly CompletionItem[] }>('textDocument/completion', params)).items;
    },
    async hover(path, position) {
      const params = { textDocument: textDocument(path), position };
      const hover = await request<{ readonly contents: { readonly value: string } } | null>(
        'textDocument/hover',
        params,
      );
      return hover?.contents.value ?? '';
    },
    complaints: () => stderr,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      await request('shutdown', null);
      send({ method: 'exit' });
      await ended;
    },
  };
}

/** Cuts a stream into the messages of the protocol: a header with the length, an empty line, JSON. */
function framesTo(receive: (message: Message) => void): (chunk: Buffer) => void {
  let buffer = Buffer.alloc(0);
  return (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n');
      if (end === -1) return;
      const length = Number(/content-length: *(\d+)/i.exec(buffer.toString('latin1', 0, end))?.[1]);
      const next = end + 4 + length;
      if (buffer.length < next) return;
      const message = JSON.parse(buffer.toString('utf8', end + 4, next)) as Message;
      buffer = buffer.subarray(next);
      receive(message);
    }
  };
}
