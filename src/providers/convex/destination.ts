/** What requests of a deployment are for: client and API traffic, or HTTP actions. */
export const DESTINATIONS = ['convexCloud', 'convexSite'] as const;
