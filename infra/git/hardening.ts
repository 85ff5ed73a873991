/**
 * Settings passed with `-c` to every git process. They win over the repository's own configuration, so whatever a
 * configuration could make git run is switched off here, whoever wrote that configuration. Filters and text
 * conversions carry free names and are handled where they could matter (`inspect-repository.ts`, diff options).
 */
export const hardening: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.pager=cat',
  'core.askPass=true',
  'core.sshCommand=false',
  // Printed refs of an alternate repository come from this program; `true` prints none.
  'core.alternateRefsCommand=true',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'credential.helper=',
  // Only plain folders and bundle files: no ext::, no ssh, no http.
  'protocol.allow=never',
  'protocol.ext.allow=never',
  'protocol.file.allow=always',
  'safe.bareRepository=explicit',
  // The factory may run as another user than the repository's owner. Git refuses such repositories because their
  // configuration could run programs; that configuration is overridden by this very list.
  'safe.directory=*',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'commit.gpgSign=false',
  'log.showSignature=false',
  'i18n.commitEncoding=UTF-8',
  'i18n.logOutputEncoding=UTF-8',
  'gc.auto=0',
  'maintenance.auto=false',
  'receive.autogc=false',
  // Two processes that touch the same ref wait for each other instead of failing at once (default 100 ms and 1 s).
  'core.filesRefLockTimeout=5000',
  'core.packedRefsTimeout=5000',
];
