import type { PauseApi, Said } from './pause-api.ts';
import { json, type Answer, type Asked, type Routes } from './route.ts';

/** Nobody who pauses has more to say. */
const MOST_BYTES = 16 * 1024;

export const PAUSE_ROUTES: Routes = {
  '/api/pause': [
    { method: 'GET', access: 'private', answer: async ({ pauses }) => said(await pauses.list()) },
    { method: 'POST', access: 'bearer', takes: MOST_BYTES, answer: ({ pauses }, asked) => acted(asked, pauses.add) },
    { method: 'DELETE', access: 'bearer', takes: MOST_BYTES, answer: ({ pauses }, asked) => acted(asked, pauses.lift) },
  ],
};

async function acted({ body }: Asked, act: PauseApi['add']): Promise<Answer> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return json(400, { error: 'the body is no JSON' });
  }
  return said(await act(value));
}

function said({ status, body }: Said): Answer {
  return json(status, body);
}
