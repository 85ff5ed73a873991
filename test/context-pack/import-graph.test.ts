import { describe, expect, it } from 'vitest';
import { readImports } from '#src/context-pack/import-graph.ts';

const graph = (files: Record<string, string>) => readImports(new Map(Object.entries(files)));

describe('who imports whom', () => {
  it.each<[string, Record<string, string>, string, string[]]>([
    [
      'TypeScript and JavaScript',
      {
        'src/a.ts': `import { b } from './b.ts';\nexport * from '../lib/c';\nconst d = require("#src/d.js");\nawait import('./e');\nimport x from 'react';\nimport '@/f.ts';`,
        'src/b.ts': '',
        'lib/c/index.js': '',
        'src/d.ts': '',
        'src/e.tsx': '',
        'src/f.ts': '',
        'react.md': '',
      },
      'src/a.ts',
      ['src/b.ts', 'lib/c/index.js', 'src/d.ts', 'src/e.tsx', 'src/f.ts'],
    ],
    [
      'Python',
      {
        'src/pack/a.py':
          'from .b import x\nfrom . import c\nimport pack.d as d, os\nfrom ..other.e import (\n  y,\n)\nfrom pack import f',
        'src/pack/b.py': '',
        'src/pack/c.py': '',
        'src/pack/d.py': '',
        'src/pack/f.py': '',
        'src/pack/__init__.py': '',
        'src/other/e.py': '',
      },
      'src/pack/a.py',
      ['src/pack/b.py', 'src/pack/c.py', 'src/pack/__init__.py', 'src/other/e.py', 'src/pack/f.py', 'src/pack/d.py'],
    ],
    [
      'Go',
      {
        'go.mod': 'module example.org/shop\n',
        'main.go': 'package main\nimport (\n\t"fmt"\n\tpay "example.org/shop/pay"\n)\n',
        'pay/card.go': '',
        'pay/card_test.go': '',
      },
      'main.go',
      ['pay/card.go'],
    ],
    [
      'Java and Kotlin',
      {
        'app/src/org/shop/A.java':
          'import org.shop.pay.Card;\nimport static org.shop.Util.round;\nimport java.util.List;',
        'app/src/org/shop/pay/Card.kt': '',
        'app/src/org/shop/Util.java': '',
      },
      'app/src/org/shop/A.java',
      ['app/src/org/shop/pay/Card.kt', 'app/src/org/shop/Util.java'],
    ],
    [
      'Rust',
      {
        'src/lib.rs': 'mod pay;\npub mod cart;\nuse crate::pay::card::Card;',
        'src/pay/mod.rs': 'mod card;\nuse super::cart::Cart;',
        'src/pay/card.rs': '',
        'src/cart.rs': '',
      },
      'src/lib.rs',
      ['src/pay/mod.rs', 'src/cart.rs', 'src/pay/card.rs'],
    ],
    [
      'Ruby',
      {
        'lib/shop.rb': "require_relative 'shop/cart'\nrequire 'shop/pay'\nrequire 'json'",
        'lib/shop/cart.rb': '',
        'lib/shop/pay.rb': '',
      },
      'lib/shop.rb',
      ['lib/shop/cart.rb', 'lib/shop/pay.rb'],
    ],
    [
      'C',
      {
        'src/a.c': '#include "a.h"\n#include <shop/pay.h>\n#include <stdio.h>',
        'src/a.h': '',
        'include/shop/pay.h': '',
      },
      'src/a.c',
      ['src/a.h', 'include/shop/pay.h'],
    ],
  ])('%s', (_language, files, from, expected) => {
    expect(graph(files).imports(from)).toEqual(expected);
  });

  it('knows both directions, and survives imports that lead nowhere', () => {
    const both = graph({ 'a.ts': "import './b.ts'; import '../../../../x'; import './a.ts';", 'b.ts': '' });
    expect(both.importedBy('b.ts')).toEqual(['a.ts']);
    expect(both.imports('a.ts')).toEqual(['b.ts']);
    expect(both.imports('no/such.ts')).toEqual([]);
  });

  it('reads package names that objects have of their own', () => {
    expect(graph({ 'a.ts': "import 'constructor'; import './__proto__';" }).imports('a.ts')).toEqual([]);
  });
});
