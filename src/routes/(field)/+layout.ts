// The field works with no network: nothing here is rendered on the server, and nothing above it loads from one.
export const ssr = false;
