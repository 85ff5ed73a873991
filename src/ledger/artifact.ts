import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** Content that events name by its hash: packets, canvases, diffs, reports. Can be erased without breaking the chain. */
export interface Artifact {
  /** sha256 of the bytes, hex. */
  hash: string;
  kind: ArtifactKind;
  mediaType: 'application/json' | 'text/markdown' | 'text/plain' | 'text/x-diff' | 'text/x-gherkin';
  /** UTF-8 text. */
  content: string;
}

export const artifactKinds = [
  'canvas',
  'story-map',
  'story-draft',
  'sprint-goal',
  'plan-proposal',
  'task-brief',
  'packet',
  'check-report',
  'feature-file',
  'thoughts',
  'diff',
  'pull-request-body',
  'memory-note',
  'change-set',
  'comment',
  'model-request',
  'model-answer',
  'context-pack',
  'steering',
  'refinement',
  'canvas-edit',
  'lesson',
  'retrospective',
  'incident',
] as const;
export type ArtifactKind = (typeof artifactKinds)[number];

function hashText(content: string): string {
  return createHash('sha256').update(content, 'utf8').digest('hex');
}

export function jsonArtifact(kind: ArtifactKind, value: unknown): Artifact {
  const content = canonicalJson(value);
  return { hash: hashText(content), kind, mediaType: 'application/json', content };
}

export function textArtifact(
  kind: ArtifactKind,
  mediaType: Exclude<Artifact['mediaType'], 'application/json'>,
  content: string,
): Artifact {
  return { hash: hashText(content), kind, mediaType, content };
}

/** What projections and steps see of an artifact: parsed JSON, or the text. */
export function contentOf(artifact: Pick<Artifact, 'mediaType' | 'content'>): unknown {
  return artifact.mediaType === 'application/json' ? (JSON.parse(artifact.content) as unknown) : artifact.content;
}
