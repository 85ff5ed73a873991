/** Something that the factory learned, or may learn once a person accepts it. */
export interface LessonRow {
  id: string;
  projectId: string;
  /** Within its project. */
  number: number;
  origin: 'evidence' | 'told';
  kind: 'rule' | 'check' | 'known-fix';
  scopeKind: 'project' | 'path' | 'persona';
  /** A folder or file, or a persona; null for the whole project. */
  scopeKey: string | null;
  /** Of the failure that it is about; both are null where its effect cannot be counted. */
  repoId: string | null;
  fingerprint: string | null;
  text: string;
  textArtifact: string;
  /** Events that show it, by their `seq`. */
  evidence: number[];
  conflictsWith: string[];
  status: 'proposed' | 'accepted' | 'declined' | 'retired' | 'refused';
  /** Why it was refused; else empty. */
  suspicions: string[];
  /** It seems to do nothing, and a person is asked whether it may go. */
  retirementProposed: boolean;
  proposedBy: string;
  proposedAt: string;
  /** Since when it has these words and this scope. */
  wordedAt: string;
  decidedBy: string | null;
  decidedAt: string | null;
  /** An accepted one counts until then. */
  expiresAt: string | null;
  /** When a person last wanted it to stay although it seemed to do nothing. */
  keptAt: string | null;
}

/** A lesson went into a context pack. */
export interface LessonUseRow {
  id: string;
  lessonId: string;
  taskId: string;
  runId: string;
  attempt: number;
  step: string;
  persona: string;
  at: string;
}

/** One week of a project, looked back on. */
export interface RetrospectiveRow {
  id: string;
  projectId: string;
  /** `2026-W47`. */
  week: string;
  from: string;
  until: string;
  isQuiet: boolean;
  lessonIds: string[];
  artifact: string;
  heldAt: string;
}

/** Trouble that was told of from outside; signals of the same trouble are one incident. */
export interface IncidentRow {
  id: string;
  projectId: string;
  source: 'signal' | 'check' | 'blocker';
  service: string;
  signal: string;
  severity: 'info' | 'warning' | 'error' | 'critical';
  fingerprint: string;
  times: number;
  firstAt: string;
  lastAt: string;
  /** The task whose merge was the last one before it. */
  afterTaskId: string | null;
  afterSha: string | null;
  detailsArtifact: string;
  /** The conversation that was made of it; null: none. */
  conversationId: string | null;
  status: 'open' | 'closed';
  closedBy: string | null;
  closedAt: string | null;
}
