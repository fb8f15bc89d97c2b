// An answer of the simulator is kept as a test, and fails when the office answers otherwise.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { login, openBrowser, openPage, Server } from './kit.mjs';

let server, browser, page;
before(async () => {
  server = await new Server().start();
  browser = await openBrowser();
  page = await openPage(browser);
  await login(page, server);
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** What `harrier check` says of the office as it is exported: its status and its lines. */
function check() {
  const file = join(server.folder, 'exported.yaml');
  writeFileSync(file, server.command('export'));
  try {
    return { status: 0, said: execFileSync(process.env.HARRIER, ['check', file], { encoding: 'utf8' }) };
  } catch (error) {
    return { status: error.status, said: error.stdout };
  }
}

test('a simulation is saved as a test that harrier check runs', async () => {
  await page.goto(`${server.url}/simulator?number=600&phones=all&at=2026-03-02T10:00`);
  await page.getByTestId('sentence').waitFor();
  await page.getByRole('button', { name: 'Save as test' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Sales by day');
  await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
  await page.getByTestId('saved-test').getByText('as expected', { exact: true }).waitFor();
  const saved = (await server.api('GET', '/api/v1/tests/sales-by-day')).body;
  assert.deepEqual(saved.expect.stages[0].ring.map((one) => one.ring), ['101', '102', '103']);
  assert.deepEqual(saved.expect.finally, { mailbox: 'general' });
  assert.equal(check().status, 0);
});

test('it fails in words when the group is changed, and passes again', async () => {
  const group = await server.api('GET', '/api/v1/groups/sales');
  const members = [{ ring: '101' }, { ring: '102', after: 9 }, { ring: '103', after: 10 }];
  await server.api('PATCH', '/api/v1/groups/sales', { members }, { 'If-Match': group.etag });
  await page.getByTestId('saved-test').getByText('102 starts after 9 s, expected 6 s').waitFor();
  const { status, said } = check();
  assert.equal(status, 1);
  assert.match(said, /error: test Sales by day: 102 starts at 9 s, expected 6 s/);
  await server.api('PATCH', '/api/v1/groups/sales', { members: group.body.members }, { 'If-Match': '*' });
  await page.getByTestId('saved-test').getByText('as expected', { exact: true }).waitFor();
});

test('its name asks the question again; it is removed and taken back', async () => {
  await page.goto(`${server.url}/simulator`);
  await page.getByRole('link', { name: 'Sales by day' }).click();
  await page.waitForURL(/number=600/);
  await page.getByTestId('sentence').waitFor();
  await page.getByRole('button', { name: 'Remove Sales by day' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByTestId('saved-test').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByTestId('saved-test').waitFor();
  assert.deepEqual(page.faults, []);
});
