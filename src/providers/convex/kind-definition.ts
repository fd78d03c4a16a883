import type { ResourceKind } from '../../model/kind.ts';
import type { ConvexApi } from './api.ts';

/** What depends on the dialect. */
type Wire = 'unserved' | 'keyed' | 'pageSize' | 'toldBy' | 'list' | 'find' | 'write';

/** A kind without its requests: what it is, whatever dialect it is spoken in. */
export type KindDefinition<S extends object> = Omit<ResourceKind<S, ConvexApi>, Wire>;

/**
 * How one dialect reads and writes a kind; a definition and a wire make a whole kind. A dialect that serves less makes
 * its whole kind itself, of what it keeps of the definition.
 */
export type KindWire<S extends object> = Pick<ResourceKind<S, ConvexApi>, Wire>;
