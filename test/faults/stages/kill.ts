import type { StageOptions, StageResult } from '../kit/stage.ts';
export async function kill(_options: StageOptions): Promise<StageResult> {
  return { name: 'kill', counts: {}, failure: null };
}
