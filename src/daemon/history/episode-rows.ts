import type { DatabaseSync } from 'node:sqlite';
import type { Address } from '../../model/address.ts';
import type { Difference, Episode } from '../../model/history.ts';
import type { Ending, OpenEpisode } from './episodes.ts';
import { episodeOf, numberOrNull } from './rows.ts';

/** The table of episodes. What is open is remembered, so that a run without news asks the database nothing. */
export interface EpisodeRows {
  open(): ReadonlyMap<Address, OpenEpisode>;
  begin(difference: Difference, of: Pick<Episode, 'origin' | 'seenAt' | 'run' | 'lastEqualAt'>): Episode;
  move(difference: Difference): void;
  tried(address: Address, run: number): void;
  end(ending: Ending, at: number): Episode;
  since(page: { readonly since: number; readonly limit: number }): readonly Episode[];
  /** The table is not as it was left. */
  forget(): void;
}

export function openEpisodeRows(db: DatabaseSync): EpisodeRows {
  const opened = db.prepare('SELECT * FROM episodes WHERE gone_at IS NULL');
  const insert = db.prepare(
    `INSERT INTO episodes (address, kind, action, reason, fields, origin, seen_at, run, last_equal_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
  );
  const update = db.prepare(
    'UPDATE episodes SET action = ?, reason = ?, fields = ? WHERE address = ? AND gone_at IS NULL',
  );
  const mark = db.prepare('UPDATE episodes SET tried_in = ? WHERE address = ? AND gone_at IS NULL');
  const close = db.prepare(
    'UPDATE episodes SET gone_at = ?, healed_by = ?, healed_in = ? WHERE address = ? AND gone_at IS NULL RETURNING *',
  );
  const select = db.prepare(
    `SELECT * FROM episodes WHERE gone_at IS NULL OR gone_at >= ?
     ORDER BY seen_at DESC, id DESC LIMIT ?`,
  );
  let remembered: Map<Address, OpenEpisode> | null = null;
  const open = (): Map<Address, OpenEpisode> => {
    remembered ??= new Map(
      opened.all().map((row) => {
        const { address, kind, action, reason, fields } = episodeOf(row);
        return [
          address,
          { difference: { address, kind, action, reason, fields }, triedIn: numberOrNull(row['tried_in']) },
        ];
      }),
    );
    return remembered;
  };
  return {
    open,
    begin(difference, { origin, seenAt, run, lastEqualAt }) {
      const { address, kind, action, reason, fields } = difference;
      const row = insert.get(address, kind, action, reason, JSON.stringify(fields), origin, seenAt, run, lastEqualAt);
      open().set(address, { difference, triedIn: null });
      return episodeOf(row ?? {});
    },
    move(difference) {
      const { address, action, reason, fields } = difference;
      update.run(action, reason, JSON.stringify(fields), address);
      open().set(address, { difference, triedIn: open().get(address)?.triedIn ?? null });
    },
    tried(address, run) {
      const before = open().get(address);
      if (before === undefined) return;
      mark.run(run, address);
      open().set(address, { ...before, triedIn: run });
    },
    end({ address, healedBy, healedIn }, at) {
      const row = close.get(at, healedBy, healedIn, address);
      open().delete(address);
      return episodeOf(row ?? {});
    },
    since: ({ since, limit }) => select.all(since, limit).map(episodeOf),
    forget: () => (remembered = null),
  };
}
