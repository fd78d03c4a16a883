import type { DatabaseSync } from 'node:sqlite';
import type { Address } from '../../model/address.ts';
import { numberOrNull } from './rows.ts';

/** Since when, and until when, each address was as declared. A run in which nothing changes writes one number. */
export interface Equals {
  /** Takes in what a reading showed; `equal` null: it says nothing of any address. */
  read(at: number, equal: ReadonlySet<Address> | null): void;
  /** When an address was last seen as declared; null: never, as far as is known. */
  last(address: Address): number | null;
  /** The tables are not as they were left. */
  forget(): void;
}

export function openEquals(db: DatabaseSync): Equals {
  const current = db.prepare('SELECT address FROM equals WHERE until IS NULL');
  const one = db.prepare('SELECT until FROM equals WHERE address = ?');
  const readAt = db.prepare('SELECT at FROM readings');
  const begin = db.prepare(
    `INSERT INTO equals (address, since, until) VALUES (?, ?, NULL)
     ON CONFLICT (address) DO UPDATE SET since = excluded.since, until = NULL`,
  );
  const end = db.prepare('UPDATE equals SET until = ? WHERE address = ? AND until IS NULL');
  const setReading = db.prepare('INSERT INTO readings VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET at = excluded.at');
  let known: ReadonlySet<Address> | null = null;
  const lastReading = (): number | null => numberOrNull(readAt.get()?.['at']);
  return {
    read(at, equal) {
      if (equal === null) return;
      known ??= new Set(current.all().map((row) => String(row['address']) as Address));
      const before = lastReading();
      for (const address of known) if (!equal.has(address)) end.run(before ?? at, address);
      for (const address of equal) if (!known.has(address)) begin.run(address, at);
      known = equal;
      setReading.run(at);
    },
    last(address) {
      const row = one.get(address);
      return row === undefined ? null : (numberOrNull(row['until']) ?? lastReading());
    },
    forget: () => (known = null),
  };
}
