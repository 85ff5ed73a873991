/**
 * Git asks this hook once for each ref of a push. What to do was decided before, in receive-rules.ts; here it is only
 * carried out, since a push that must not force, or must not touch workflows, is known only by its commits.
 * Lines of `$STAND_IN_VERDICTS`: the ref, what it may not do, and what to say.
 */
export const UPDATE_HOOK = `#!/bin/sh
ref="$1" old="$2" new="$3" none=0000000000000000000000000000000000000000
refuse() { printf '%b\\n' "$1" >&2; exit 1; }
tab=$(printf '\\t')
while IFS="$tab" read -r name rule text; do
  [ "$name" = "$ref" ] || continue
  case "$rule" in
    nothing) refuse "$text" ;;
    no-force)
      [ "$old" = "$none" ] || [ "$new" = "$none" ] || git merge-base --is-ancestor "$old" "$new" || refuse "$text" ;;
    no-workflows)
      [ "$new" = "$none" ] && continue
      [ -z "$(git log --format= --name-only "$new" --not --all -- .github/workflows)" ] || refuse "$text" ;;
  esac
done <<END
$STAND_IN_VERDICTS
END
exit 0
`;
