import { imageWords, judgeLink, namedLinkWords } from './judge-link.ts';

/** Elements that a browser acts on; others in angle brackets are mostly type parameters. From the HTML standard. */
const ELEMENTS = new Set(
  (
    'a abbr address applet area article aside audio b base basefont bdi bdo blink blockquote body br button canvas ' +
    'caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset ' +
    'figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image ' +
    'img input ins kbd keygen label legend li link main map mark marquee math menu meta meter nav nobr noembed ' +
    'noframes noscript object ol optgroup option output p param picture plaintext portal pre progress q rp rt ruby s ' +
    'samp script search section select slot small source span strike strong style sub summary sup svg table tbody td ' +
    'template textarea tfoot th thead time title tr track tt u ul var video wbr xmp'
  ).split(' '),
);

/** HTML as words: links and images by what they say and where they led, other elements in signs that nothing reads. */
export function plainHtml(text: string, allowedHosts: readonly string[]): string {
  if (!text.includes('<')) return text;
  return text
    .replace(
      /<((?:https?|ftp):\/\/[^\s<>|]{1,4000})\|([^<>\n]{1,2000})>/gi,
      (match, address: string, words: string) => {
        const judged = judgeLink(address, allowedHosts);
        return judged.kept ? match : namedLinkWords(words, judged.host);
      },
    )
    .replace(/<((?:https?|ftp|www\.)[^\s<>]{1,4000})>/gi, (match, address: string) =>
      judgeLink(address, allowedHosts).kept ? match : address,
    )
    .replace(/<a\b([^<>]{0,4000})>([^<>]{0,1000})<\/a\s{0,9}>/gi, (_match, attributes: string, words: string) => {
      const judged = judgeLink(attribute(attributes, 'href'), allowedHosts);
      return judged.kept ? `${words} (${attribute(attributes, 'href')})` : namedLinkWords(words, judged.host);
    })
    .replace(/<img\b([^<>]{0,4000})>/gi, (_match, attributes: string) => {
      const judged = judgeLink(attribute(attributes, 'src'), []);
      return imageWords(attribute(attributes, 'alt'), judged.kept ? null : judged.host);
    })
    .replace(/<br\s{0,9}\/?>/gi, ' ')
    .replace(
      /(^[ \t>*+\-\d.)]{0,40})?<(\/?)([a-z][a-z0-9-]{0,60})([^<>]{0,4000})>/gim,
      (match, lineStart: string | undefined, slash: string, name: string, rest: string) => {
        // Addresses in angle brackets are judged as addresses.
        if (/^(?::\/\/|\.)/.test(rest) && /^(?:https?|ftp|www)$/i.test(name)) return match;
        const isMarkup = ELEMENTS.has(name.toLowerCase()) || lineStart !== undefined || /[="'`:]/.test(rest);
        return isMarkup ? `${lineStart ?? ''}‹${slash}${name}›` : match;
      },
    )
    .replace(/^([ \t>*+\-\d.)]{0,40})<(?=[a-z/!?])(?!(?:https?|ftp):\/\/)/gim, '$1‹')
    .replace(/<(?=[/!?])/g, '‹')
    .replace(/<(?=([a-z][a-z0-9-]{0,60})(?![\w-]))/gi, (match, name: string) =>
      ELEMENTS.has(name.toLowerCase()) ? '‹' : match,
    );
}

function attribute(attributes: string, name: string): string {
  const form = new RegExp(`(?:^|[\\s"'/])${name}\\s{0,9}=\\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i');
  const found = form.exec(attributes);
  return found?.[1] ?? found?.[2] ?? found?.[3] ?? '';
}
