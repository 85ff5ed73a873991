import { describe, expect, it } from 'vitest';
import { holdsPartOnly } from '#src/writers-room/partial-file.ts';

describe('a block holds only a part of its file when', () => {
  it.each([
    ['a.js', 'import a;\n// ... rest unchanged\n'],
    ['a.py', 'import a\n# ... existing code ...\ndef f(): return 1\n'],
    ['a.css', 'a { color: red }\n/* same as before */\n'],
    ['a.js', 'start();\n…\nstop();'],
    ['a.js', 'start();\n...\nstop();'],
    ['a.html', '<div>\n  <!-- unchanged -->\n</div>'],
    ['a.js', 'f()\n// rest of the code\n'],
    ['a.js', '// rest of the file stays the same'],
    ['a.js', '// the rest of your code'],
    ['a.js', '// Keep the rest as is'],
    ['a.js', '// everything else remains unchanged'],
    ['a.js', '// omitted for brevity'],
    ['a.js', '// ...'],
    ['a.js', '// [... unchanged ...]'],
    ['a.js', '// no changes'],
    ['a.js', '// Existing imports unchanged'],
    ['a.js', '  // existing methods stay the same'],
    ['a.js', '// same code as before'],
    ['a.js', '// your existing routes...'],
    ['a.ts', '// other imports...\nimport x from "x"'],
    ['a.ts', '// existing code here'],
    ['a.tsx', 'return (<div>\n {/* ... existing JSX ... */}\n</div>)'],
    ['a.tsx', '{/* rest of the component */}'],
    ['a.ts', 'function save() { /* ... */ }'],
    ['a.ts', 'function save() { ... }'],
    ['a.js', "import x from 'x'; // ... other imports"],
    ['a.go', 'func main() {\n\t...\n}'],
    ['a.go', '// ... other handlers'],
    ['a.sql', '-- ... rest of the schema'],
    ['a.rb', '# existing code above'],
    ['a.py', '# --- snip ---'],
    ['a.py', '# (rest of the class is unchanged)'],
    ['a.py', '...\n\ndef f():\n    return 1'],
    ['a.py', 'def f():\n    a = 1\n    ...\n    return a'],
    ['a.yml', 'jobs:\n  # ... other jobs\n  x: 1'],
    ['a.json', '{\n  "a": 1,\n  ...\n}'],
    ['README.md', '# Title\n\n...\n\n## New'],
    ['README.md', '# Title\n<!-- rest unchanged -->'],
  ])('%s says %j', (path, content) => {
    expect(holdsPartOnly(path, content)).toBe(true);
  });
});

describe('a block is whole although', () => {
  it.each([
    ['a.py', 'class P(Protocol):\n    def f(self) -> str:\n        ...\n    def g(self): ...\n'],
    ['a.py', 'class P:\n    def f(self):\n        """Doc."""\n        ...\n'],
    ['a.py', 'def f():\n    """Example.\n\n    # ... existing code ...\n    """\n    return 1'],
    ['a.py', 'x = a[..., 0]\n'],
    ['a.js', 'const a = {\n  ...b,\n  ...rest\n};'],
    ['a.js', 'f(...args)'],
    ['a.go', 'func f(xs ...int) {}'],
    ['a.js', '// Loading...\nf()'],
    ['a.js', '// TODO: your code here'],
    ['a.js', '// the rest of the arguments are ignored'],
    ['a.js', '// Other routes\napp.use(x)'],
    ['a.js', '// previous page'],
    ['a.js', '// remaining items'],
    ['a.js', '// empty input is returned unchanged'],
    ['a.js', '// leave the input unchanged when it is short\n'],
    ['a.js', 'return a; // unchanged'],
    ['a.js', 'console.log("..."); // wait...'],
    ['a.js', "assert.equal(cut('hello', 2), 'he…');"],
    ['a.js', "const text = 'x // ... rest unchanged';"],
    ['a.js', '// first line of a long remark\n// ... and its second line that goes on'],
    ['a.js', '// the parser keeps\n// ... the other tokens for later'],
    ['a.js', 'const text = `\n...\n// ... rest unchanged\n`;'],
    ['a.ts', '/**\n * const x = {...};\n */'],
    ['a.ts', "const files = 'src/**/*.ts';"],
    ['a.yml', 'a: 1\n...\n'],
    ['README.md', '# Use\n\n```js\n...\n// ... rest unchanged\n```\n'],
    ['README.md', '# ... existing code ...'],
  ])('%s says %j', (path, content) => {
    expect(holdsPartOnly(path, content)).toBe(false);
  });
});

it('reads long odd input without getting lost in it', () => {
  expect(holdsPartOnly('a.js', `// ${'all the '.repeat(5_000)}\n`)).toBe(false);
  expect(holdsPartOnly('a.js', `${'// all the same rest of the of the\n'.repeat(2_000)}`)).toBe(false);
});
