import { features } from './dialect.ts';
import type { Feature } from './dialect.ts';
import type { RequestBody } from './write-request.ts';

/** Which features a request makes use of, and so what a server may mind in it. */
export function featuresIn(body: RequestBody): readonly Feature[] {
  const offers = (body.tools ?? []).length > 0;
  const hasToolMessages = body.messages.some((message) => message.role === 'tool' || 'tool_calls' in message);
  const hasFormat = body.response_format !== undefined;
  const uses: Record<Feature, boolean> = {
    stream: body.stream === true,
    streamUsage: body.stream_options != null,
    answer: hasFormat,
    tools: offers || hasToolMessages,
    strictTools: (body.tools ?? []).some((tool) => tool.type === 'function' && tool.function.strict === true),
    toolsWithFormat: offers && hasFormat,
    limit: true,
  };
  return features.filter((feature) => uses[feature]);
}
