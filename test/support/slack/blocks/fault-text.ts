/** A fault as Slack words it: what is wrong, and where. */
export function tell(fault: string, pointer: string): string {
  return `[ERROR] ${fault} [json-pointer:${pointer}]`;
}
