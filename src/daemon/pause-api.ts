import type { PausedChanges } from '../model/change.ts';
import { instantText } from '../model/instant.ts';
import type { Pause } from '../model/pause.ts';
import type { PauseDesk } from './pause-desk.ts';

/** Status and JSON of an answer. */
export interface Said {
  readonly status: number;
  readonly body: unknown;
}

/** What `/api/pause` answers: GET lists, POST pauses, DELETE lifts what was asked for here. */
export interface PauseApi {
  readonly list: () => Promise<Said>;
  readonly add: (value: unknown) => Promise<Said>;
  readonly lift: (value: unknown) => Promise<Said>;
}

/** `documented`: the pauses of the last plan; those of the document are among them. */
export function pauseApi(desk: PauseDesk, documented: () => readonly PausedChanges[]): PauseApi {
  return {
    list: () =>
      kept(async () => {
        const asked = (await desk.active()).map((pause) => ({ ...pauseJson(pause), from: 'request' }));
        const written = documented().flatMap(({ address, owner, reason, expires, where }) =>
          where === null ? [] : { address, owner, reason, expires, from: 'document', where },
        );
        return { status: 200, body: { pauses: [...written, ...asked] } };
      }),
    add: (value) =>
      kept(async () => {
        const pause = await desk.add(value);
        return 'wrong' in pause
          ? { status: 422, body: { error: pause.wrong } }
          : { status: 200, body: { paused: pauseJson(pause) } };
      }),
    lift: (value) =>
      kept(async () => {
        const pause = await desk.lift(value);
        if (pause === null)
          return {
            status: 404,
            body: { error: 'no such pause was asked for here; one of the document is lifted by the document' },
          };
        return 'wrong' in pause
          ? { status: 422, body: { error: pause.wrong } }
          : { status: 200, body: { lifted: pauseJson(pause) } };
      }),
  };
}

/** A store that cannot be reached is no bug, and nobody may think that something is paused. */
async function kept(answer: () => Promise<Said>): Promise<Said> {
  try {
    return await answer();
  } catch {
    return {
      status: 503,
      body: { error: 'the pauses cannot be read or kept now; nothing was changed, as far as is known' },
    };
  }
}

function pauseJson({ address, owner, reason, expires }: Pause): Omit<PausedChanges, 'held' | 'where'> {
  return { address, owner, reason, expires: instantText(expires) };
}
