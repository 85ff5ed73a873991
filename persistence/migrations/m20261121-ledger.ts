import { Migration } from '@mikro-orm/migrations';
import { GENESIS_HASH } from '#src/ledger/hash-chain.ts';

/**
 * The bytes that the chain hashes, as `src/ledger/hash-chain.ts` writes them: each field's length in bytes, a colon, its
 * text; null is `-1:`. One `concat` and no helper function, which cost four times as much when tried.
 */
const hashedFields = [
  'head_seq::text',
  'event.stream',
  'length::text',
  'event.type',
  'event.version::text',
  'event.actor',
  'event.agent',
  'event.task_id',
  'event.run_id',
  'event.artifact',
  'event.cause',
  'event.idempotency_key',
  'event.at',
  'event.body',
].map((field) => `coalesce(octet_length(${field}), -1), ':', ${field}`);

/**
 * Appends events to the ledger, in the order given. Each is `{stream, expected, type, version, actor, agent, task_id,
 * run_id, artifact, cause, idempotency_key, at, body}`; `expected` is the length of its stream just before it.
 *
 * The head row is locked first, so one appends at a time, numbers have no gaps, and what the lock let through is seen.
 * A known idempotency key with the same content appends nothing and answers the recorded event (`appended` false).
 * Raises FWL01 when a stream has another length, FWL02 when a known key comes with other content.
 */
const appendFunction = `
create function ledger_append(events json)
returns table (seq bigint, "position" int, prev_hash text, hash text, appended boolean)
language plpgsql as $function$
#variable_conflict use_column
declare
  event record;
  known ledger%rowtype;
  head_seq bigint;
  head_hash text;
  length int;
  length_of text;
begin
  select head.seq, head.hash into strict head_seq, head_hash from ledger_head head for update;
  for event in
    select * from json_to_recordset(events) as given (
      stream text, expected int, type text, version int, actor text, agent text, task_id text, run_id text,
      artifact text, cause text, idempotency_key text, at text, body text)
  loop
    if event.idempotency_key is not null then
      select * into known from ledger
      where ledger.stream = event.stream and ledger.idempotency_key = event.idempotency_key;
      if found then
        if (known.type, known.version, known.artifact, known.body)
          is distinct from (event.type, event.version, event.artifact, event.body) then
          raise exception using errcode = 'FWL02',
            message = format('key %s of stream %s was recorded with other content', event.idempotency_key, event.stream);
        end if;
        return query select known.seq, known.position, known.prev_hash, known.hash, false;
        continue;
      end if;
    end if;
    if length_of is distinct from event.stream then
      select coalesce(max(ledger.position), 0) into length from ledger where ledger.stream = event.stream;
      length_of := event.stream;
    end if;
    if length <> event.expected then
      raise exception using errcode = 'FWL01',
        message = format('stream %s has %s events, not %s', event.stream, length, event.expected);
    end if;
    head_seq := head_seq + 1;
    length := length + 1;
    seq := head_seq;
    "position" := length;
    prev_hash := head_hash;
    hash := encode(sha256(decode(head_hash, 'hex') || convert_to(concat(
      ${hashedFields.join(',\n      ')}), 'UTF8')), 'hex');
    insert into ledger (seq, stream, "position", type, version, actor, agent, task_id, run_id, artifact, cause,
      idempotency_key, at, body, prev_hash, hash)
    values (head_seq, event.stream, length, event.type, event.version, event.actor, event.agent, event.task_id,
      event.run_id, event.artifact, event.cause, event.idempotency_key, event.at, event.body, head_hash, hash);
    head_hash := hash;
    appended := true;
    return next;
  end loop;
  update ledger_head set seq = head_seq, hash = head_hash;
end
$function$`;

const refuseFunction = `
create function ledger_refuse() returns trigger language plpgsql as $function$
begin
  raise exception using errcode = 'FWL03', message = format('%s only grows: %s is refused', tg_table_name, tg_op);
end
$function$`;

/** `enable always`: a superuser who sets session_replication_role walks past other triggers. */
const triggers = [
  `create trigger ledger_only_grows before update or delete or truncate on ledger
   for each statement execute function ledger_refuse()`,
  `alter table ledger enable always trigger ledger_only_grows`,
  `create trigger ledger_head_stays before delete or truncate on ledger_head
   for each statement execute function ledger_refuse()`,
  `alter table ledger_head enable always trigger ledger_head_stays`,
];

/** The append-only ledger: its first hash, its one way in, and what refuses all others. Creates no roles. */
export class CreateLedger extends Migration {
  override up(): void {
    this.addSql(`insert into ledger_head (one, seq, hash) values (true, 0, '${GENESIS_HASH}')`);
    for (const statement of [appendFunction, refuseFunction, ...triggers]) this.addSql(statement);
  }
}
