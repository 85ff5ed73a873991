import { Document, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Manifest } from './app-manifest.ts';
import { eventReasons } from './events.ts';
import { scopeReasons } from './scopes.ts';

/** What declaring an agent means for people; it cannot be taken back in the same app. */
const AGENT_NOTE =
  ' For the native status and Stop. Slack then turns direct messages with the app into threads and keeps guests out,\n' +
  ' for good. Without it: slack manifest --no-agent';

/** The manifest as YAML to paste, with the reason behind every permission and event. */
export function writeManifest(manifest: Manifest, heading: readonly string[]): string {
  const document = new Document(manifest);
  document.commentBefore = heading.map((line) => ` ${line}`).join('\n');
  giveReasons(document.getIn(['oauth_config', 'scopes', 'bot']), (scope) =>
    scope in scopeReasons ? scopeReasons[scope as keyof typeof scopeReasons] : null,
  );
  giveReasons(document.getIn(['settings', 'event_subscriptions', 'bot_events']), (event) =>
    event in eventReasons ? eventReasons[event as keyof typeof eventReasons].reason : null,
  );
  const features = document.get('features');
  if (isMap(features)) {
    const agent = features.items.find(({ key }) => isScalar(key) && key.value === 'agent_view');
    if (agent !== undefined) (agent.key as Node).commentBefore = AGENT_NOTE;
  }
  return document.toString({ lineWidth: 0 });
}

function giveReasons(list: unknown, reasonOf: (name: string) => string | null): void {
  if (!isSeq(list)) return;
  for (const item of list.items) {
    if (!isScalar(item)) continue;
    const reason = reasonOf(String(item.value));
    if (reason !== null) item.comment = ` ${reason}`;
  }
}

/** Opens Slack's page for a new app with the manifest filled in. */
export function creationLink(manifest: Manifest): string {
  return `https://api.slack.com/apps?new_app=1&manifest_json=${encodeURIComponent(JSON.stringify(manifest))}`;
}
