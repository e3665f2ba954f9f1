/** The wire format of this build. A hash test pins the schemas to it: change them, and this must change. */
export const PROTOCOL = 1;

/** Answers go down in this and the last two formats (promise I9: up, every format ever released). */
export const OLDEST_DOWN = 1;

/** Names the protocol on requests and answers. An answer without it is not ours (captive portal, proxy). */
export const PROTOCOL_HEADER = 'x-xks-protocol';

/** Our own content type: what a proxy or a portal answers will not have it. */
export const SYNC_CONTENT_TYPE = 'application/vnd.xks.sync+json';

/** A mutation with its sealed part, at most: on the phone, and at the server's gate. */
export const MUTATION_LIMIT_PHONE = 64 * 1024;
export const MUTATION_LIMIT_SERVER = 128 * 1024;

/** What one request may unpack to. */
export const ROUND_LIMIT = 4 * 1024 * 1024;
