import * as z from 'zod';

/** A file of Slack, as far as it is read. */
export const SlackFile = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().nullish(),
  mode: z.string().nullish(),
  url_private: z.string().nullish(),
  url_private_download: z.string().nullish(),
  /** `check_file_info`: shared from another workspace, and said in full only when asked for. */
  file_access: z.string().nullish(),
});
export type SlackFile = z.infer<typeof SlackFile>;
