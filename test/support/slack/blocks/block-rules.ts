import { Ajv } from 'ajv';
import type { ErrorObject } from 'ajv';
import type { Features } from '../workspace/setup.ts';
import { isObject } from '../workspace/json.ts';
import type { Json } from '../workspace/json.ts';
import { loadBlockSchemas } from './block-schemas.ts';
import type { Definitions } from './block-schemas.ts';
import { tell } from './fault-text.ts';
import { layoutFaults, viewLayoutFaults } from './layout-rules.ts';
import { applyReferenceLimits } from './reference-limits.ts';
import { applyStatedLimits } from './stated-limits.ts';
import type { StatedLimit } from './stated-limits.ts';
import { tellApart } from './tell-apart.ts';

export type BlockSurface = 'message' | 'modal' | 'home';

/** Says what is wrong, as Slack says it: `[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]`. */
export interface BlockRules {
  blockFaults(blocks: readonly unknown[], surface: BlockSurface, features: Features): string[];
  viewFaults(view: Json, surface: 'modal' | 'home'): string[];
  attachmentFaults(attachment: Json): string[];
  /** What the comments of the types state. */
  stated: readonly StatedLimit[];
}

let made: Promise<BlockRules> | null = null;

/** The same rules for every stand-in of the process: making them takes a moment. */
export function blockRules(): Promise<BlockRules> {
  made ??= loadBlockSchemas().then(createBlockRules);
  return made;
}

function createBlockRules(definitions: Definitions): BlockRules {
  const stated = applyStatedLimits(definitions);
  applyReferenceLimits(definitions);
  for (const name of ['ModalView', 'HomeView', 'MessageAttachment']) leaveBlocksToBlockRules(definitions, name);
  tellApart(definitions);
  const ajv = new Ajv({ allErrors: true, strict: false, validateSchema: false });
  ajv.addSchema({ $id: 'slack', definitions });
  const faultsOf = (name: string, value: unknown, at: string): string[] => {
    const validate = ajv.getSchema(`slack#/definitions/${name}`);
    if (validate === undefined) throw new Error(`@slack/types has no ${name}.`);
    return validate(value) === true ? [] : tellErrors(validate.errors ?? [], value, at);
  };
  return {
    stated,
    blockFaults(blocks, surface, features) {
      const faults = blocks.flatMap((block, index) => faultsOf('KnownBlock', block, `/blocks/${index}`));
      return [...faults, ...layoutFaults(blocks, surface, features)];
    },
    viewFaults: (view, surface) => [
      ...(view.type === surface
        ? faultsOf(surface === 'modal' ? 'ModalView' : 'HomeView', view, '/view')
        : [tell('unsupported type', '/view/type')]),
      ...viewLayoutFaults(view),
    ],
    attachmentFaults: (attachment) => faultsOf('MessageAttachment', attachment, '/attachments'),
  };
}

/** Blocks are looked at one by one, so that a fault names its block. */
function leaveBlocksToBlockRules(definitions: Definitions, name: string): void {
  const properties = definitions[name]?.properties;
  if (isObject(properties)) properties.blocks = { type: 'array' };
}

function tellErrors(errors: readonly ErrorObject[], value: unknown, at: string): string[] {
  const told = errors
    // The branches of a choice say what is wrong; the choice itself adds nothing.
    .filter(({ keyword }) => keyword !== 'if')
    .map((error) => tell(wordError(error, value), at + error.instancePath));
  return [...new Set(told)];
}

function wordError({ keyword, params, instancePath, message }: ErrorObject, value: unknown): string {
  const limit = Number(params.limit);
  switch (keyword) {
    case 'maxLength':
      return `must be less than ${limit + 1} characters`;
    case 'minLength':
      return `must be more than ${limit - 1} characters`;
    case 'maxItems':
      return `no more than ${limit} items allowed`;
    case 'minItems':
      return `no less than ${limit} items allowed`;
    case 'required':
      return `missing required field: ${String(params.missingProperty)}`;
    case 'additionalProperties':
      return `invalid additional property: ${String(params.additionalProperty)}`;
    case 'const':
    case 'enum':
      return instancePath.endsWith('/type')
        ? `unsupported type: ${String(read(value, instancePath))}`
        : 'invalid value';
    case 'type':
      return `must be a ${String(params.type)}`;
    default:
      return message ?? 'failed to match';
  }
}

function read(value: unknown, pointer: string): unknown {
  let found = value;
  for (const part of pointer.split('/').slice(1)) found = (found as Json | undefined)?.[part];
  return found;
}
