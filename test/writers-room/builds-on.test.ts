import { describe, expect, it } from 'vitest';
import { KnownPaths } from '#src/writers-room/builds-on.ts';
import { isTestFile } from '#src/writers-room/test-files.ts';

function broughtIn(known: string[], path: string, content: string, kind: 'file' | 'diff' = 'file'): string[] {
  const paths = new KnownPaths();
  for (const one of known) paths.add(one);
  return paths.broughtInBy({ path, kind, content, position: 0, isTest: isTestFile(path, content) }).sort();
}

describe('code brings in a file of its repository', () => {
  it.each<[string, string[], string, string, string[]]>([
    ['a relative import', ['src/slug.js'], 'src/page.js', "import { slugify } from './slug.js';", ['src/slug.js']],
    [
      'without its ending',
      ['src/slug.ts'],
      'test/slug.test.ts',
      "import { slugify } from '../src/slug';",
      ['src/slug.ts'],
    ],
    ['js that stands for ts', ['src/slug.ts'], 'src/page.ts', "export * from './slug.js';", ['src/slug.ts']],
    ['over several lines', ['src/a.js'], 'src/b.js', "import {\n  one,\n  two,\n} from './a.js';", ['src/a.js']],
    [
      'required or loaded late',
      ['lib/a.js', 'lib/b.js'],
      'lib/c.js',
      "require('./a'); await import('./b.js')",
      ['lib/a.js', 'lib/b.js'],
    ],
    [
      'a folder by its index',
      ['src/users/index.ts'],
      'src/app.ts',
      "import { users } from './users';",
      ['src/users/index.ts'],
    ],
    [
      'a root alias',
      ['src/lib/slug.ts'],
      'src/app/page.tsx',
      "import { slugify } from '@/lib/slug';",
      ['src/lib/slug.ts'],
    ],
    [
      'a subpath import',
      ['src/slug.ts'],
      'test/slug.test.ts',
      "import { slugify } from '#src/slug.ts';",
      ['src/slug.ts'],
    ],
    [
      'a Python module',
      ['billing/totals.py'],
      'billing/cli.py',
      'from billing.totals import net_total',
      ['billing/totals.py'],
    ],
    [
      'a Python name out of a package',
      ['billing/totals.py'],
      'cli.py',
      'from billing import totals, taxes',
      ['billing/totals.py'],
    ],
    [
      'a Python sibling',
      ['app/models.py'],
      'app/views.py',
      'from .models import (\n    Post,\n    User,\n)',
      ['app/models.py'],
    ],
    ['a Python parent', ['app/models.py'], 'app/api/views.py', 'from ..models import Post', ['app/models.py']],
    ['a package by its __init__', ['billing/__init__.py'], 'cli.py', 'import billing', ['billing/__init__.py']],
    ['a plain Python import', ['src/slug.py'], 'tests/test_slug.py', 'import pytest, slug as s', ['src/slug.py']],
    [
      'a Go package',
      ['roman/roman.go'],
      'cmd/main.go',
      'import (\n\t"fmt"\n\n\t"example.com/tools/roman"\n)',
      ['roman/roman.go'],
    ],
    [
      'a single Go import',
      ['internal/store/store.go'],
      'main.go',
      'import "example.com/app/internal/store"',
      ['internal/store/store.go'],
    ],
    [
      'a Go test of its own package',
      ['roman/roman.go'],
      'roman/roman_test.go',
      'package roman\n\nimport "testing"',
      ['roman/roman.go'],
    ],
    ['a Rust module', ['src/slug.rs'], 'src/main.rs', 'mod slug;', ['src/slug.rs']],
    ['a Rust path', ['src/text/slug.rs'], 'src/main.rs', 'use crate::text::slug::slugify;', ['src/text/slug.rs']],
    [
      'a Java class',
      ['src/main/java/com/shop/Slug.java'],
      'src/main/java/com/shop/web/Page.java',
      'import com.shop.Slug;',
      ['src/main/java/com/shop/Slug.java'],
    ],
    ['a Ruby sibling', ['lib/slug.rb'], 'lib/page.rb', "require_relative 'slug'", ['lib/slug.rb']],
    ['a C header', ['src/slug.h'], 'src/main.c', '#include "slug.h"', ['src/slug.h']],
    [
      'a script of a page',
      ['public/app.js', 'public/style.css'],
      'public/index.html',
      '<link href="style.css"><script src="./app.js"></script>',
      ['public/app.js', 'public/style.css'],
    ],
  ])('%s', (_, known, path, content, expected) => {
    expect(broughtIn(known, path, content)).toEqual(expected);
  });

  it('in the lines that a diff adds, and only there', () => {
    const change =
      "--- a/src/b.js\n+++ b/src/b.js\n@@ -1 +1,2 @@\n import x from './c.js';\n+import y from './a.js';\n";
    expect(broughtIn(['src/a.js', 'src/c.js'], 'src/b.js', change, 'diff')).toEqual(['src/a.js']);
  });
});

describe('code brings in nothing by', () => {
  it.each<[string, string[], string, string]>([
    ['a package of the same name', ['src/slug.js'], 'src/page.js', "import slug from 'slug';"],
    ['a file of that name in another folder', ['admin/slug.js'], 'src/page.js', "import x from './slug.js';"],
    ['a like path in another tree', ['admin/src/slug.js'], 'src/page.js', "import x from './slug.js';"],
    ["a package of Go's own with that name", ['lib/url/url.go'], 'main.go', 'import "net/url"'],
    ["a module of Python's own", ['tools/json.py'], 'cli.py', 'import json\nfrom json import loads'],
    ['a Go package of the language', ['http/server.go'], 'main.go', 'import "net/url"\nimport "fmt"'],
    ["another Go package's tests", ['roman/roman_test.go'], 'main.go', 'import "example.com/tools/roman"'],
    ['a module of another language', ['src/slug.py'], 'src/page.js', "import x from './slug';"],
    ['words about importing', ['src/slug.js'], 'src/page.js', '// we import slug from the old site'],
    ['itself', ['src/slug.js'], 'src/slug.js', "import x from './slug.js';"],
    ['an address', ['app.js'], 'index.html', '<script src="https://example.org/app.js"></script>'],
  ])('%s', (_, known, path, content) => {
    expect(broughtIn(known, path, content)).toEqual([]);
  });
});
