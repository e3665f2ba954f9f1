import { ServerResponse, type OutgoingHttpHeader, type OutgoingHttpHeaders } from 'node:http';
import { headersFor } from './response-headers.ts';

type GivenHeaders = OutgoingHttpHeaders | OutgoingHttpHeader[];

/** An answer that puts on our headers at the moment its head is written, when it is known what it is. */
export class DressedResponse extends ServerResponse {
  /** Set by the front before anything is answered. */
  asked: { readonly path: string; readonly secure: boolean } = { path: '', secure: false };

  override writeHead(status: number, first?: string | GivenHeaders, second?: GivenHeaders): this {
    const given = typeof first === 'string' ? second : first;
    for (const [name, value] of Object.entries(this.#missing(status, given))) this.setHeader(name, value);
    return typeof first === 'string'
      ? super.writeHead(status, first, second)
      : super.writeHead(status, first);
  }

  #missing(status: number, given: GivenHeaders | undefined): Readonly<Record<string, string>> {
    const has = (name: string): boolean => this.#read(name, given) !== '';
    return headersFor({
      ...this.asked,
      contentType: this.#read('content-type', given),
      hasPolicy: has('content-security-policy'),
      hasCacheControl: has('cache-control'),
      isFile: has('last-modified') || status === 304,
    });
  }

  /** Headers come both ways: set before, or handed over with the head. Kit uses the first, its file server the second. */
  #read(name: string, given: GivenHeaders | undefined): string {
    const handed = Array.isArray(given) ? [] : Object.entries(given ?? {});
    const value = handed.find(([key]) => key.toLowerCase() === name)?.[1] ?? this.getHeader(name);
    return value === undefined ? '' : String(value);
  }
}
