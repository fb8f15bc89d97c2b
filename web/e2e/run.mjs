// Runs browser tests: node run.mjs [--harrier BINARY] [--report FILE.xml] TEST.mjs…
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const files = [];
const given = process.argv.slice(2);
let report;
while (given.length > 0) {
  const word = given.shift();
  if (word === '--harrier') process.env.HARRIER = resolve(given.shift());
  else if (word === '--report') report = resolve(given.shift());
  else files.push(resolve(word));
}
process.env.HARRIER ??= resolve('../build/release/harrier');

let passed = 0;
let failed = 0;
const cases = []; // in the form of GoogleTest's report, for tools/rows.py
const told = (name, failure) =>
  cases.push(`<testcase classname="Pages" name="${name.replace(/[<>&"]/g, ' ')}">${failure ? '<failure/>' : ''}</testcase>`);
const tests = run({ files, concurrency: 1, timeout: 300_000 });
tests.on('test:pass', (test) => {
  if (test.details?.type !== 'suite' && !test.skip && !files.includes(test.name)) {
    passed += 1;
    told(test.name, false);
  }
});
tests.on('test:fail', (test) => {
  failed += 1;
  told(test.name, true);
  process.exitCode = 1;
});
tests.compose(new spec()).pipe(process.stdout);
tests.on('end', () => {
  if (passed + failed === 0) process.exitCode = 1;
  if (report) {
    mkdirSync(dirname(report), { recursive: true });
    const sums = `tests="${passed + failed}" failures="${failed}"`;
    writeFileSync(report, `<testsuites ${sums}>\n<testsuite name="Pages" ${sums}>${cases.join('\n')}</testsuite></testsuites>\n`);
  }
  console.log(`${passed} passed, ${failed} failed`);
});
