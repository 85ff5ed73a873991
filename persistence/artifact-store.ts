import type { Artifact } from '#src/ledger/artifact.ts';
import type { ArtifactReader } from '#src/ports/unit-of-work.ts';
import type { EntityManager } from './orm.ts';
import { runSql } from './sql.ts';

export interface ArtifactStore extends ArtifactReader {
  /** What is there of each hash: the artifact, `erased`, or nothing under it when it never was. */
  getAll(hashes: readonly string[]): Promise<Map<string, Artifact | 'erased'>>;
}

export function createArtifactStore(em: () => EntityManager): ArtifactStore {
  const getAll = async (hashes: readonly string[]): Promise<Map<string, Artifact | 'erased'>> => {
    if (hashes.length === 0) return new Map();
    const rows = await runSql<Artifact & { content: string | null }>(
      em(),
      'SELECT hash, kind, media_type AS "mediaType", content FROM artifacts WHERE hash = ANY ($1)',
      [hashes],
    );
    return new Map(rows.map((row) => [row.hash, row.content === null ? 'erased' : row]));
  };
  return {
    getAll,
    async get(hash) {
      const found = (await getAll([hash])).get(hash);
      return found === undefined || found === 'erased' ? null : found;
    },
  };
}

/** Keeps what is not there yet. Returns the hashes whose content had been erased and is back. */
export async function putArtifacts(em: EntityManager, artifacts: readonly Artifact[]): Promise<string[]> {
  if (artifacts.length === 0) return [];
  const rows = await runSql<{ hash: string; restored: boolean }>(
    em,
    `INSERT INTO artifacts (hash, kind, media_type, content, bytes)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[])
     ON CONFLICT (hash) DO UPDATE SET content = excluded.content, erased_at = NULL WHERE artifacts.content IS NULL
     RETURNING hash, xmax <> 0 AS restored`,
    [
      artifacts.map(({ hash }) => hash),
      artifacts.map(({ kind }) => kind),
      artifacts.map(({ mediaType }) => mediaType),
      artifacts.map(({ content }) => content),
      artifacts.map(({ content }) => Buffer.byteLength(content, 'utf8')),
    ],
  );
  return rows.filter(({ restored }) => restored).map(({ hash }) => hash);
}

/** Takes the content; hash, kind and size stay. */
export async function eraseArtifacts(em: EntityManager, hashes: readonly string[]): Promise<void> {
  await runSql(
    em,
    'UPDATE artifacts SET content = NULL, erased_at = now() WHERE hash = ANY ($1) AND content IS NOT NULL',
    [hashes],
  );
}
