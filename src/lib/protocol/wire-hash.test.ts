import { createHash } from 'node:crypto';
import { toJSONSchema } from 'zod';
import { describe, expect, it } from 'vitest';
import { mutationSchema } from '../domain/record/mutation.ts';
import { canonicalJson, type Json } from '../kernel/json.ts';
import { textOf } from '../kernel/bytes.ts';
import { hashEnvelope, keyAad, rowAad, sealedAad } from './bound-bytes.ts';
import { httpProblemSchema } from './problem.ts';
import { roundAnswerSchema, roundRequestSchema } from './round.ts';
import { unsentAnswerSchema, unsentFileSchema, unsentText } from './unsent-file.ts';
import { PROTOCOL } from './version.ts';

/**
 * What each protocol version looked like. A version that phones have been given is never changed: a different shape is
 * a new PROTOCOL with its own line here and its own recorded fixture (tests/fixtures/wire). Until the first release a
 * field that may be absent can join version 1: the fixture recorded without it is still taken.
 */
const SHAPES: Readonly<Record<number, string>> = {
  1: '3284569108da01a3',
};

function shapeNow(): string {
  const schemas = [
    mutationSchema,
    roundRequestSchema,
    roundAnswerSchema,
    httpProblemSchema,
    unsentFileSchema,
    unsentAnswerSchema,
  ];
  const text = schemas
    .map((schema) => canonicalJson(toJSONSchema(schema, { unrepresentable: 'any' }) as Json))
    .join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

describe('I9 the wire', () => {
  it('has the shape that its version says', () => {
    expect(shapeNow()).toBe(SHAPES[PROTOCOL]);
  });

  it('binds and hashes bytes as it always has', async () => {
    expect(await hashEnvelope({ plain: '{"v":1}', sealed: 'AA' })).toBe(
      'YwCjFKah28ISUD5iOZ2dqyjgwt02rGDIJhK0YtHzjvw',
    );
    expect(textOf(await sealedAad('a', 'm', '{}'))).toBe(
      'xks:mutation:1|a|m|RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o',
    );
    expect(textOf(rowAad('a', 'r', 'm'))).toBe('xks:row:1|a|r|m');
    expect(textOf(keyAad('a', 'd', 'k'))).toBe('xks:data-key:1|a|d|k');
  });

  it('writes an unsent file content in one way only', () => {
    const content = { format: 'xks-unsent', v: 1, ward: 'w', replica: 'r', envelopes: [], keys: [] };
    expect(unsentText(content as never)).toBe('["xks-unsent",1,"w","r",[],[]]');
  });
});
