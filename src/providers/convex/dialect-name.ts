/** The dialects by name: users and their compilers read it, so it is spelled out. */
export type ConvexDialectName = 'official' | 'catalog';
