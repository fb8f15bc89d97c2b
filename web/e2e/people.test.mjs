// People, rules, the chain, hours, history, and the pages of a user.
import assert from 'node:assert/strict';
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
const saved = () => page.getByText(/^Saved/).last().waitFor();
const user = async (id) => (await server.api('GET', `/api/v1/users/${id}`)).body;

test('a person is added with the next number, and found by Ctrl+K', async () => {
  await page.goto(`${server.url}/people`);
  await page.getByRole('button', { name: 'New person' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Ben');
  await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
  await page.getByTestId('account').waitFor();
  await page.getByTestId('account').getByRole('button', { name: 'QR code for a softphone' }).click();
  await page.getByTestId('account').getByRole('img', { name: 'QR code for a softphone' }).waitFor();
  assert.equal((await user('104')).name, 'Ben');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Name, number or page' }).fill('ben');
  await page.getByRole('option', { name: /Ben/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/people\//);
  await page.getByRole('heading', { name: 'Ben' }).waitFor();
});

test('a number that is taken is said next to its field', async () => {
  await page.getByRole('textbox', { name: 'Extension' }).fill('101');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('.mantine-InputWrapper-error').first().waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
});

test('a rule is made from a recipe and drawn', async () => {
  await page.goto(`${server.url}/people/101`);
  await page.getByRole('tab', { name: 'Rules' }).click();
  await page.getByRole('button', { name: 'New rule' }).click();
  await page.getByRole('menuitem', { name: 'Desk, then mobile' }).click();
  await page.getByTestId('bar-101').waitFor();
  await page.getByRole('combobox', { name: 'Add a place' }).fill('+48600100200');
  await page.keyboard.press('Enter');
  await page.getByTestId('bar-+48600100200').waitFor();
  await page.getByRole('button', { name: 'Remove stage 2' }).click();
  await page.keyboard.press('Control+s');
  await saved();
  const rule = (await user('101')).rules[0];
  assert.deepEqual(rule.stages.map((stage) => stage.ring[0].ring), ['101', '+48600100200']);
});

test('the chain is edited in place, and drawn with its loop', async () => {
  await page.goto(`${server.url}/chain`);
  await page.getByTestId('walk').getByText('and again from 101').waitFor();
  await page.getByLabel('Next number 103').fill('0000');
  await page.getByTestId('walk').getByText('ends').waitFor();
  await page.keyboard.press('Control+s');
  await saved();
  const rows = (await server.api('GET', '/api/v1/chain')).body.items;
  assert.ok(/^(0+|)$/.test(rows.find((row) => row.sip_number === '103').next_number));
  await page.getByLabel('Next number 103').fill('999');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('alert').first().waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
});

test('a table is imported after its changes were shown', async () => {
  await page.locator('input[type=file]').setInputFiles({
    name: 'table.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('Sip number;Next number;Service number;Start number;For\n101;103;8008001;101;15\n102;0000;1;1;\n103;102;1;1;\n'),
  });
  await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const rows = (await server.api('GET', '/api/v1/chain')).body.items;
  assert.equal(rows.find((row) => row.sip_number === '101').next_number, '103');
});

test('hours are painted in the week, a flag is switched', async () => {
  await page.goto(`${server.url}/hours`);
  await page.getByRole('row', { name: /business/ }).getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('checkbox', { name: 'Sat, hour 10' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
  await saved();
  assert.deepEqual((await server.api('GET', '/api/v1/schedules/business')).body.open, ['Mo-Fr 08:00-16:00', 'Sa 10:00-11:00']);
  await page.goto(`${server.url}/hours`);
  await page.getByRole('switch', { name: 'Switch night' }).click({ force: true });
  await page.waitForFunction(() => document.querySelector('input[role=switch]')?.checked === true);
  assert.equal((await server.api('GET', '/api/v1/flags/night')).body.on, true);
});

test('history says who did it, and takes it back', async () => {
  await page.goto(`${server.url}/history`);
  await page.locator('table tbody tr', { hasText: 'admin@office.example' }).first().waitFor();
  await page.locator('table tbody tr', { hasText: 'business' }).first().getByRole('button').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take this change back' }).click();
  await page.getByText('Taken back').waitFor();
  assert.deepEqual((await server.api('GET', '/api/v1/schedules/business')).body.open, ['Mo-Fr 08:00-16:00']);
});

test('what others typed is text, never markup', async () => {
  const name = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
  const made = await server.api('POST', '/api/v1/users', { extension: '199', name });
  assert.equal(made.status, 201);
  await page.goto(`${server.url}/people/199`);
  await page.getByRole('heading', { name: '<img' }).waitFor();
  await page.goto(`${server.url}/people`);
  await page.getByText(name).waitFor();
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.deepEqual(page.faults, []);
});

test("a user's own pages: availability, rules; the office is not his", async () => {
  const own = await openPage(browser, { viewport: { width: 360, height: 740 }, hasTouch: true });
  await login(own, server, { login: '101', password: "alice's own password" });
  await own.waitForURL(/\/me$/);
  await own.getByText('Do not disturb', { exact: true }).click();
  await own.getByText('Saved').last().waitFor();
  assert.equal((await user('101')).do_not_disturb, true);
  await own.goto(`${server.url}/me/rules`);
  await own.getByRole('button', { name: 'New rule' }).click();
  await own.getByRole('menuitem', { name: 'Keep the caller with music' }).click();
  await own.getByRole('button', { name: 'Save', exact: true }).click();
  await own.getByText('Saved').last().waitFor();
  assert.equal((await user('101')).rules.at(-1).mode, 'extend_ring');
  await own.goto(`${server.url}/people`);
  await own.getByText('There is no page at this address.').waitFor();
  assert.deepEqual(own.faults, []);
});

test('what others name is removed with something else in its place', async () => {
  await page.goto(`${server.url}/groups/all`);
  await server.api('POST', '/api/v1/numbers', { number: '+48587622777', to: { group: 'All' } });
  await page.getByRole('button', { name: 'Remove All' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await dialog.getByTestId('references').getByRole('link', { name: 'Number +48587622777' }).waitFor();
  await dialog.getByLabel('Instead', { exact: true }).selectOption('group');
  await dialog.getByLabel('Which', { exact: true }).selectOption('Sales');
  await dialog.getByRole('button', { name: 'Replace and remove' }).click();
  await page.waitForURL(/\/groups$/);
  assert.deepEqual((await server.api('GET', '/api/v1/numbers/+48587622777')).body.to, { group: 'Sales' });
  assert.equal((await server.api('GET', '/api/v1/groups/all')).status, 404);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Taken back').waitFor();
  assert.deepEqual((await server.api('GET', '/api/v1/numbers/+48587622777')).body.to, { group: 'All' });
  assert.deepEqual(page.faults, []);
});
