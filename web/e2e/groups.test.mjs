// The group editor: what it draws is what the server would do; mouse, keys, two editors at once.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
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
beforeEach(() => page.evaluate(() => sessionStorage.clear()));

const open = async (id) => {
  await page.goto(`${server.url}/groups/${id}`);
  await page.getByTestId('sentence').waitFor();
};
const label = (bar) => page.getByTestId(`bar-${bar}`).getAttribute('aria-label');
const sentence = () => page.getByTestId('sentence').textContent();
const group = async (id) => (await server.api('GET', `/api/v1/groups/${id}`)).body;
const saved = () => page.getByText(/^Saved · revision/).last().waitFor();

test('the sentence of the page is the sentence of the server, for each strategy', async () => {
  for (const id of ['sales', 'all', 'turn', 'roll', 'staged', 'gaps', 'equal']) {
    let release;
    const held = new Promise((go) => (release = go));
    // The server's answer comes late: until then the page says its own.
    await page.route('**/api/v1/explain', async (route) => {
      await held;
      await route.continue();
    });
    await open(id);
    // Numbers become names as soon as they are known.
    await page.waitForFunction(() => !/10[123]/.test(document.querySelector('[data-testid=sentence]')?.textContent ?? ''));
    assert.equal(await page.getByTestId('sentence').getAttribute('data-source'), 'page');
    const own = await sentence();
    release();
    await page.locator('[data-testid=sentence][data-source=server]').waitFor();
    assert.equal(await sentence(), own, id);
    await page.unroute('**/api/v1/explain');
  }
});

test('a bar is pulled by the mouse, its edge too', async () => {
  await open('sales');
  const bar = await page.getByTestId('bar-102').boundingBox();
  const perSecond = bar.width / 24;
  await page.mouse.move(bar.x + 20, bar.y + bar.height / 2);
  await page.mouse.down();
  await page.mouse.move(bar.x + 20 + 6 * perSecond, bar.y + bar.height / 2, { steps: 8 });
  await page.mouse.up();
  assert.equal(await label('102'), 'Bob rings from second 12 for 18 seconds.');

  const edge = await page.getByTestId('bar-103-edge').boundingBox();
  await page.mouse.move(edge.x + 4, edge.y + 8);
  await page.mouse.down();
  await page.mouse.move(edge.x + 4 - 5 * perSecond, edge.y + 8, { steps: 8 });
  await page.mouse.up();
  assert.equal(await label('103'), 'Cora rings from second 10 for 15 seconds.');
  await page.getByText('after 12 s also Bob').waitFor();

  await page.keyboard.press('Control+s');
  await saved();
  const now = await group('sales');
  assert.equal(now.members[1].after, 12);
  assert.equal(now.members[2].for, 15);
});

test('undo takes the save back', async () => {
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await page.getByText('Taken back').waitFor();
  const now = await group('sales');
  assert.equal(now.members[1].after, 6);
  assert.equal(now.members[2].for, undefined);
  await page.locator('[aria-label="Bob rings from second 6 for 24 seconds."]').waitFor();
});

test('all by the keyboard: start, length, order, removal, back again', async () => {
  await open('sales');
  await page.getByTestId('bar-102').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Control+ArrowRight');
  await page.keyboard.press('Shift+ArrowLeft');
  assert.equal(await label('102'), 'Bob rings from second 12 for 17 seconds.');
  await page.keyboard.press('Alt+ArrowDown');
  const names = () => page.getByTestId('member-row').evaluateAll((rows) => rows.map((row) => row.querySelector('.tl-name').textContent.trim().split(' ')[0]));
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-testid') === 'bar-102');
  assert.deepEqual(await names(), ['Alice', 'Cora', 'Bob']);
  await page.keyboard.press('Delete');
  assert.deepEqual(await names(), ['Alice', 'Cora']);
  await page.keyboard.press('Control+z');
  assert.deepEqual(await names(), ['Alice', 'Cora', 'Bob']);
  await page.getByTestId('bar-102').focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Starts after (s)').fill('20');
  await page.getByRole('button', { name: 'Done' }).click();
  assert.match(await label('102'), /from second 20 /);
  await page.getByRole('button', { name: 'Discard' }).click();
  assert.deepEqual(await names(), ['Alice', 'Bob', 'Cora']);
});

test('a row is moved with the drag handle by keys, too', async () => {
  await open('all');
  await page.getByRole('button', { name: 'Move Alice' }).focus();
  await page.keyboard.press('Space');
  await page.waitForTimeout(200);
  await page.keyboard.press('ArrowDown');
  await page.waitForTimeout(300);
  await page.keyboard.press('Space');
  await page.waitForFunction(() => document.querySelector('[data-testid=member-row] .tl-name')?.textContent?.startsWith('Bob'));
  await page.getByRole('button', { name: 'Discard' }).click();
});

test('another strategy shows what it fills in before it is saved', async () => {
  await open('turn');
  await page.locator('label.picture', { hasText: 'Staggered' }).click();
  const told = page.getByTestId('filled-in');
  await told.getByText('Bob: starts after (s) – → 10').waitFor();
  await told.getByText('Group: waiting time (s) – → 45').waitFor();
  assert.equal((await group('turn')).strategy, 'sequential');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await saved();
  const now = await group('turn');
  assert.equal(now.strategy, 'staggered');
  assert.equal(now.timeout, 45);
  assert.equal(now.members[1].after, 10);
});

test('a member, a number and an end are added; what is wrong stands at its field', async () => {
  await open('all');
  await page.getByTestId('add-member').fill('+48600100200');
  await page.keyboard.press('Enter');
  await page.getByTestId('bar-+48600100200').waitFor();
  const numbers = page.getByRole('combobox', { name: 'Internal numbers' });
  await numbers.fill('101');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Not saved', { exact: true }).waitFor();
  await page.locator('.mantine-InputWrapper-error', { hasText: '101' }).first().waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
});

test('two editors at once: both versions are shown, nothing is lost', async () => {
  await open('roll');
  await page.getByTestId('bar-102').focus();
  await page.keyboard.press('ArrowRight');
  const before = await server.api('GET', '/api/v1/groups/roll');
  const meanwhile = await server.api('PATCH', '/api/v1/groups/roll', { name: 'Rollover', timeout: 50 }, { 'If-Match': before.etag, 'Content-Type': 'application/merge-patch+json' });
  assert.equal(meanwhile.status, 200);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('dialog').getByText('Somebody else changed this meanwhile').waitFor();
  assert.equal(await page.getByTestId('theirs-name').textContent(), 'Rollover');
  assert.match(await page.getByTestId('mine-members').textContent(), /for: 9/);
  await page.getByRole('button', { name: 'Go on editing' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await saved();
  const now = await group('roll');
  assert.equal(now.name, 'Rollover');
  assert.equal(now.timeout, 50);
  assert.equal(now.members[0].for, 9);
});

test('what was typed outlives a reload, a session that ends and a server that is away', async () => {
  await open('gaps');
  await page.getByLabel('Description').fill('typed and not saved');
  await page.reload();
  await page.getByText('These are your unsaved changes from before.').waitFor();
  assert.equal(await page.getByLabel('Description').inputValue(), 'typed and not saved');

  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Your session has ended').waitFor();
  await dialog.locator('input[autocomplete=current-password]').fill('a long enough password');
  await dialog.getByRole('button', { name: 'Log in' }).click();
  await saved();
  assert.equal((await group('gaps')).description, 'typed and not saved');

  await page.getByLabel('Description').fill('while the server was away');
  await server.stop();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('The server does not answer.').waitFor();
  await server.start();
  // It goes on by itself; when the session ended with the server, the page asks for the password.
  const again = page.getByRole('dialog').locator('input[autocomplete=current-password]');
  for (let tries = 0; (await group('gaps')).description !== 'while the server was away'; ++tries) {
    assert.ok(tries < 100, 'the change arrives once the server is back');
    if (await again.isVisible()) {
      await again.fill('a long enough password');
      await page.getByRole('dialog').getByRole('button', { name: 'Log in' }).click();
    }
    await page.waitForTimeout(200);
  }
});

test('a new group begins with a name; it is refused to remove what is named elsewhere', async () => {
  await page.goto(`${server.url}/groups`);
  await page.getByRole('button', { name: 'New group' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Night shift');
  await page.getByRole('button', { name: 'Make and edit' }).click();
  await page.waitForURL(/\/groups\/night-shift/);
  await page.getByText('Nobody rings yet. Type a name or a number.').waitFor();
  await page.getByTestId('add-member').fill('bob');
  await page.waitForTimeout(400);
  await page.keyboard.press('Enter');
  await page.getByTestId('bar-102').waitFor();
  await page.keyboard.press('Control+s');
  await saved();

  await open('sales');
  await page.getByRole('button', { name: 'Remove Sales' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('dialog').getByText('48587622000').waitFor();
  assert.deepEqual(page.faults, []);
});
