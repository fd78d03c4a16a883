/** What messages call the API of this dialect. */
export const CATALOG_API = 'the catalog API';
