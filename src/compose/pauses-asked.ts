import { isActive, type Pause, type PauseStore } from '../model/pause.ts';

/** The pauses in force that were asked for; or why nobody can say which. Then nothing may be healed: it may be paused. */
export async function pausesAsked(store: PauseStore, now: number): Promise<readonly Pause[] | string> {
  try {
    return (await store.read()).filter((pause) => isActive(pause, now));
  } catch (error) {
    return `the pauses that were asked for cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
