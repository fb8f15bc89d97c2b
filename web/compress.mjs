// After the build: a compressed copy beside each file, and the first load must stay small.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const kDist = 'dist';
const kFirstLoadMax = 260 * 1024; // bytes of gzip

const names = readdirSync(kDist, { recursive: true, encoding: 'utf8' });
const gzipped = new Map();
for (const name of names.filter((one) => /\.(js|css|svg|json)$/.test(one))) {
  const plain = readFileSync(`${kDist}/${name}`);
  const gzip = gzipSync(plain, { level: 9 });
  gzipped.set(name, gzip.length);
  writeFileSync(`${kDist}/${name}.gz`, gzip);
  const best = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  writeFileSync(`${kDist}/${name}.br`, brotliCompressSync(plain, best));
}

// What the first page needs: all that index.html names, the longest language, Today with its parts.
const index = readFileSync(`${kDist}/index.html`, 'utf8');
const wanted = new Set([...index.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((found) => found[1]));
const languages = [...gzipped.keys()].filter((name) => /assets\/(en|pl|es)-/.test(name));
languages.sort((a, b) => gzipped.get(b) - gzipped.get(a));
if (languages[0]) wanted.add(languages[0]);
const follow = (name) => {
  wanted.add(name);
  const text = readFileSync(`${kDist}/${name}`, 'utf8');
  for (const found of text.matchAll(/from"\.\/([^"]+\.js)"/g))
    if (!wanted.has(`assets/${found[1]}`)) follow(`assets/${found[1]}`);
};
for (const name of gzipped.keys()) if (/assets\/(today_page|next_steps)-.*\.(js|css)$/.test(name)) follow(name);
const total = [...wanted].reduce((sum, name) => sum + (gzipped.get(name) ?? 0), 0);
console.log(`first load: ${(total / 1024).toFixed(0)} KiB gzip of ${kFirstLoadMax / 1024} allowed`);
if (total > kFirstLoadMax) process.exit(1);
