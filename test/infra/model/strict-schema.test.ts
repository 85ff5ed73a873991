import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { strictSchema, withoutStandInNulls } from '#infra/model/strict-schema.ts';
import { strictSchemaFault } from '#test/support/strict-schema-rules.ts';

const schemaOf = (shape: z.ZodType) => z.toJSONSchema(shape, { io: 'input' }) as Record<string, unknown>;

describe('strictSchema', () => {
  it('requires every property, allows no others, and lets what was optional be null', () => {
    expect(
      strictSchema({
        type: 'object',
        properties: { path: { type: 'string' }, from: { type: 'integer' }, mode: { type: 'string', enum: ['a', 'b'] } },
        required: ['path'],
      }),
    ).toEqual({
      type: 'object',
      properties: {
        path: { type: 'string' },
        from: { type: ['integer', 'null'] },
        mode: { type: ['string', 'null'], enum: ['a', 'b', null] },
      },
      required: ['path', 'from', 'mode'],
      additionalProperties: false,
    });
  });

  it('says in words what it cannot keep as a keyword', () => {
    const strict = strictSchema({
      type: 'object',
      properties: {
        title: { type: 'string', maxLength: 80, pattern: '^a', format: 'email', default: 'x', description: 'Short.' },
      },
      required: ['title'],
    });
    expect(strict?.['properties']).toEqual({
      title: { type: 'string', description: 'Short. (at most 80 characters, matches ^a, format email)' },
    });
  });

  it('makes a strict one of every shape that zod writes', () => {
    const node: z.ZodType = z.lazy(() => z.object({ name: z.string(), next: node.nullable() }));
    const shape = z.object({
      kind: z.literal('plan'),
      steps: z.array(z.object({ text: z.string().min(1).max(10), at: z.iso.datetime().optional() })).max(3),
      choice: z.discriminatedUnion('type', [
        z.object({ type: z.literal('a'), n: z.number().int().min(0) }),
        z.object({ type: z.literal('b'), s: z.string().default('x') }),
      ]),
      maybe: z.union([z.string(), z.null()]).optional(),
      tree: node.optional(),
    });
    const strict = strictSchema(schemaOf(shape));
    expect(strictSchemaFault(strict)).toBeNull();
  });

  it.each([
    ['an object of unknown keys', z.object({ map: z.record(z.string(), z.number()) })],
    ['anything', z.object({ value: z.unknown() })],
    ['a tuple', z.object({ pair: z.tuple([z.string(), z.number()]) })],
    ['a loose object', z.looseObject({ a: z.string() })],
  ])('does not pretend about %s', (_, shape) => {
    expect(strictSchema(schemaOf(shape))).toBeNull();
  });
});

describe('withoutStandInNulls', () => {
  it('takes out the nulls that stand for what was optional, and no others', () => {
    const schema = schemaOf(
      z.object({
        a: z.string().optional(),
        b: z.string().nullable(),
        list: z.array(z.object({ c: z.number().optional(), d: z.number() })),
        either: z.union([
          z.object({ type: z.literal('x'), e: z.string().optional() }),
          z.object({ type: z.literal('y'), e: z.string().nullable() }),
        ]),
      }),
    );
    const given = { a: null, b: null, list: [{ c: null, d: 1 }], either: { type: 'y', e: null } };
    expect(withoutStandInNulls(schema, given)).toEqual({ b: null, list: [{ d: 1 }], either: { type: 'y', e: null } });
    expect(withoutStandInNulls(schema, { ...given, either: { type: 'x', e: null } })).toMatchObject({
      either: { type: 'x' },
    });
  });

  it('follows references, also those that come back to themselves', () => {
    const node: z.ZodType = z.lazy(() => z.object({ name: z.string().optional(), next: node.nullable() }));
    const schema = schemaOf(z.object({ node }));
    const given = { node: { name: null, next: { name: null, next: null } } };
    expect(withoutStandInNulls(schema, given)).toEqual({ node: { next: { next: null } } });
  });
});
