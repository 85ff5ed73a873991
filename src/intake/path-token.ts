/** Whether a word of a text is the path of a file. */

/** Files that have no extension and are known by name alone. */
const wellKnownNames = new Set(
  (
    'Makefile GNUmakefile Dockerfile Containerfile Procfile Gemfile Rakefile Jenkinsfile Vagrantfile Brewfile Justfile justfile ' +
    'Caddyfile CODEOWNERS LICENSE LICENCE NOTICE README CHANGELOG CONTRIBUTING AUTHORS Podfile Fastfile Pipfile BUILD WORKSPACE ' +
    '.gitignore .gitattributes .dockerignore .editorconfig .env .npmrc .nvmrc .prettierrc .eslintrc .babelrc .eslintignore ' +
    '.prettierignore .npmignore .htaccess .tool-versions .python-version .node-version .ruby-version .bashrc .flake8 .pylintrc'
  ).split(' '),
);

/** Endings of files that people keep in repositories. In prose, a word needs one of these or a folder to be a path. */
const knownExtensions = new Set(
  (
    'js mjs cjs jsx ts mts cts tsx d.ts json jsonc json5 jsonl html htm css scss sass less vue svelte astro md mdx markdown rst txt adoc ' +
    'py pyi ipynb toml cfg ini env yaml yml xml xsd svg csv tsv sql graphql gql proto prisma rb erb rake gemspec php phtml go mod sum ' +
    'rs java kt kts scala sc groovy gradle properties c h cc cpp cxx hh hpp hxx m mm swift cs csproj sln fs fsx vb dart lua pl pm r jl ' +
    'ex exs erl hrl hs elm clj cljs edn ml mli nim zig v sv vhd asm s wat sh bash zsh fish ps1 psm1 bat cmd awk sed tf tfvars hcl nix ' +
    'dockerfile mk cmake am feature http rest ejs hbs handlebars mustache njk pug jade liquid j2 jinja jinja2 tmpl tpl twig ' +
    'conf config lock service timer socket plist po pot http patch diff snap sol move tex bib cls sty'
  ).split(' '),
);

/** Products and runtimes whose names look like files. */
const productNames =
  /^(?:node|next|nuxt|vue|react|react-native|angular|ember|express|three|d3|p5|chart|moment|day|backbone|knockout|discord|socket|nest|deno|bun|alpine|ext|handlebars|require|jquery|lodash|underscore|electron|solid|svelte|preact|meteor|sails|koa|hapi|asp|vb|ado|socket\.io|web3|ethers|tensorflow|brain|pdf|video|paper|fabric|hammer|anime|matter|ml5|babylon|pixi|phaser|plotly|leaflet|mapbox|highcharts|adonis|feathers|strapi|gatsby|remix|qwik|lit|stimulus|turbo|hotwire|htmx|unpoly|petite-vue|c|f)\.(?:js|ts|net|io|dev|sh|land)$/i;

const pathCharacters = /^[\p{L}\p{M}\p{N}._@~()[\]{}+,$%#!&=\\/ :-]+$/u;

/** The last name of a path. */
export function fileNameOf(path: string): string {
  return path.replace(/^.*[/\\]/, '');
}

/** The ending in lower case without its dot, or `` for none. */
export function extensionOf(path: string): string {
  return /[^.]\.([A-Za-z][A-Za-z0-9_-]{0,11})$/.exec(fileNameOf(path))?.[1]?.toLowerCase() ?? '';
}

/**
 * True for `src/slug.js`, `slug.js`, `Makefile`, `../x.py` (refused later, and for a reason); false for `node.js`,
 * `e.g.`, `and/or`, `3.11`, addresses of pages. `quoted`: the word stood in quotes of its own, which allow spaces.
 */
export function isPathToken(token: string, options: { quoted?: boolean } = {}): boolean {
  if (token.length < 2 || token.length > 1_024 || !pathCharacters.test(token)) return false;
  if (options.quoted !== true && /\s/.test(token)) return false;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(token) || /^(?:www\.|mailto:)/i.test(token)) return false;
  if (/:(?![\\/])/.test(token) || /[/\\]$/.test(token)) return false;
  const name = fileNameOf(token);
  if (wellKnownNames.has(name) || /^\.env(?:\.\w+)+$/.test(name) || /^Dockerfile\.\w+$/.test(name)) return true;
  if (/^\.git(?:[/\\]|$)|[/\\]\.git[/\\]/i.test(token)) return true;
  const extension = extensionOf(token);
  if (extension === '') return /^\.\w+rc$/.test(name);
  const inFolder = name.length < token.length;
  // "example.org/page.html" without a scheme is still an address; domains do not start with a folder that has no dot.
  if (inFolder && /^[\w-]+\.(?:com|org|net|io|dev|app|co)[/\\]/i.test(token)) return false;
  if (productNames.test(name) && !inFolder) return false;
  return inFolder || knownExtensions.has(extension);
}
