// The real server with a data folder of its own, phones, and a browser.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

export const kAdmin = { email: 'admin@office.example', password: 'a long enough password' };

const kOffice = `
tenant: office.example
timezone: Europe/Warsaw
country: PL
admins: [{email: ${kAdmin.email}, password: "${kAdmin.password}"}]
users:
  - {extension: "101", name: Alice, email: alice@office.example, sip: {password: pw101}, web_password: "alice's own password", mailbox: {pin: "1234"}, permissions: {own_rules: true, own_chain: true}}
  - {extension: "102", name: Bob, sip: {password: pw102}}
  - {extension: "103", name: Cora, sip: {password: pw103}}
groups:
  - {name: Sales, extensions: ["600"], numbers: ["+48587622447"], strategy: staggered, timeout: 30, members: ["101", {ring: "102", after: 6}, {ring: "103", after: 10}], finally: {mailbox: general}}
  - {name: All, extensions: ["601"], strategy: ring_all, timeout: 20, members: ["101", "102", "103"]}
  - {name: Turn, extensions: ["602"], strategy: sequential, members: [{ring: "101", for: 10}, {ring: "102", for: 15}, "103"]}
  - {name: Roll, extensions: ["603"], strategy: rollover, timeout: 30, members: [{ring: "101", for: 8}, {ring: "102", for: 8}, "103"]}
  - {name: Staged, extensions: ["604"], strategy: stages, stages: [{ring: ["101", "102"], for: 12}, {ring: ["102", {ring: "103", after: 5}], for: 20}], finally: {user: "101"}}
  - {name: Gaps, extensions: ["605"], strategy: staggered, timeout: 40, repeat: 2, members: [{ring: "101", for: 5}, {ring: "102", after: 12, for: 8}, {ring: "103", after: 30}]}
  - {name: Equal, extensions: ["606"], strategy: sequential, repeat: forever, members: [{ring: "101", priority: 2, for: 10}, {ring: "102", priority: 1}, {ring: "103", priority: 2, for: 15}]}
chain:
  - {sip_number: "101", next_number: "102", service_number: "8008001", start_number: "101"}
  - {sip_number: "102", next_number: "103"}
  - {sip_number: "103", next_number: "101"}
mailboxes: [{name: general, extension: "900", pin: "0000", email: [office@office.example]}]
queues: [{name: Support, extension: "610", members: ["101", {ring: "102", logged_in: false}], may_log_in: ["103"], finally: {mailbox: general}}]
ivrs: [{name: Front, extension: "611", timeout: 5, keys: {"1": {group: Sales}, "0": {user: "101"}}, otherwise: {hangup: true}}]
schedules: [{name: business, open: ["Mo-Fr 08:00-16:00"], holidays: pl}]
flags: [{name: night, code: "*30"}]
numbers: [{number: "+48587622000", to: {group: Sales}}]
trunks: [{name: carrier, uri: "sip:127.0.0.2:9", numbers: ["+48587622001"]}]
`;

export class Server {
  /** `settings`: more lines of harrier.yaml. */
  constructor(office = kOffice, settings = '') {
    this.settings = settings;
    this.folder = mkdtempSync(join(tmpdir(), 'harrier-web-'));
    this.data = join(this.folder, 'data');
    mkdirSync(this.data);
    this.office = office;
    this.port = 0;
    this.lines = [];
  }

  /** `port`: 0 = any; the same again after a stop. */
  async start() {
    const config = join(this.folder, 'harrier.yaml');
    writeFileSync(
      config,
      `sip: {listen: ["udp://127.0.0.1:0"]}\nhttp: {listen: "127.0.0.1:${this.port}"}\ndrain: 1\n${this.settings}`,
    );
    const words = ['serve', '--config', config, '--data', this.data];
    if (this.office) {
      writeFileSync(join(this.folder, 'office.yaml'), this.office);
      words.push('--office', join(this.folder, 'office.yaml'));
    }
    this.process = spawn(process.env.HARRIER, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process.stderr.on('data', (text) => this.lines.push(String(text)));
    await new Promise((ready, fail) => {
      this.process.once('exit', () => fail(new Error(`the server ended: ${this.lines.join('')}`)));
      createInterface({ input: this.process.stdout }).on('line', (line) => {
        this.lines.push(`${line}\n`);
        const found = /listening (\w+):\/\/127\.0\.0\.1:(\d+)/.exec(line);
        if (found?.[1] === 'http') this.port = Number(found[2]);
        if (found?.[1] === 'udp') this.sip = Number(found[2]);
        if (line.trim() === 'harrier: ready') ready();
      });
    });
    return this;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  command(...words) {
    return execFileSync(process.env.HARRIER, [...words, '--data', this.data], { encoding: 'utf8' });
  }

  /** The API with a token, as a machine uses it. */
  async api(method, path, body, headers = {}) {
    this.token ??= this.command('token', 'create').trim();
    const answer = await fetch(this.url + path, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, etag: answer.headers.get('ETag'), body: text ? JSON.parse(text) : undefined };
  }

  async stop() {
    if (this.process && this.process.exitCode === null) {
      const ended = new Promise((done) => this.process.once('exit', done));
      this.process.kill('SIGTERM');
      await ended;
    }
  }

  async close() {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  log() {
    return this.lines.join('');
  }
}

export class Phones {
  constructor(server) {
    this.server = server;
    this.process = spawn('python3', ['../tests/web/phones.py'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.waiting = [];
    createInterface({ input: this.process.stdout }).on('line', (line) => this.waiting.shift()?.(JSON.parse(line)));
  }

  async do(order) {
    const answered = new Promise((done) => this.waiting.push(done));
    this.process.stdin.write(`${JSON.stringify(order)}\n`);
    const answer = await answered;
    if (!answer.ok) throw new Error(`${JSON.stringify(order)}: ${answer.why}`);
  }

  register(user, password = `pw${user}`, domain = 'office.example') {
    return this.do({ do: 'register', user, password, domain, server: ['127.0.0.1', this.server.sip] });
  }

  /** Somebody at another address who tries passwords of `user`. */
  guess(user, host, times) {
    return this.do({ do: 'guess', user, host, times, domain: 'office.example', server: ['127.0.0.1', this.server.sip] });
  }

  close() {
    this.process.stdin.end();
  }
}

export async function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** A page of its own visitor. Whatever the page logs as an error fails the test at its end. */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, locale: 'en', ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    // The browser itself says so about every answer that is not 2xx; the pages show them.
    if (/Failed to load resource/.test(message.text())) return;
    page.faults.push(message.text());
  });
  return page;
}

export async function login(page, server, who = { login: kAdmin.email, password: kAdmin.password }) {
  await page.goto(server.url);
  await page.locator('input[autocomplete=username]').fill(who.login);
  await page.locator('input[autocomplete=current-password]').fill(who.password);
  await page.locator('button[type=submit]').click();
  await page.getByTestId('live-badge').waitFor();
}

export const kTexts = Object.fromEntries(
  ['en', 'pl', 'es'].map((language) => [language, JSON.parse(readFileSync(`src/i18n/${language}.json`, 'utf8'))]),
);
