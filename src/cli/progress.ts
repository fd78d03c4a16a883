import type { EventSink } from '../model/event.ts';
import { eventLine } from '../report/event-line.ts';
import type { Output } from './io.ts';
import type { Screen } from './terminal.ts';

/** What a person sees of a run while it goes on, on stderr. */
export interface Progress {
  readonly onEvent: EventSink;
  /** Ends what is being redrawn; after it resolves others may write. Later events start anew. */
  settle(): Promise<void>;
}

/** Redrawn tasks on a terminal, plain lines elsewhere. */
export async function progressOn(stream: Output & NodeJS.WritableStream, screen: Screen): Promise<Progress> {
  if (!screen.live) return plainProgress(stream);
  const { liveProgress } = await import('./live-progress.ts');
  return liveProgress(stream as NodeJS.WriteStream, screen);
}

/** One line for each event that is worth one. */
export function plainProgress(stream: Output): Progress {
  return {
    onEvent(event) {
      const line = eventLine(event);
      if (line !== null) stream.write(`${line}\n`);
    },
    settle: () => Promise.resolve(),
  };
}

/** Where the log says it all, or nobody wants to see it. */
export const noProgress: Progress = { onEvent: () => undefined, settle: () => Promise.resolve() };
