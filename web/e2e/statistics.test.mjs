// What the records say of a group: two calls are made, the page counts them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { login, openBrowser, openPage, Phones, Server } from './kit.mjs';

let server, phones, browser, page;
before(async () => {
  server = await new Server().start();
  phones = new Phones(server);
  for (const user of ['101', '102']) await phones.register(user);
  await phones.do({ do: 'call', user: '101', number: '600' });
  await phones.do({ do: 'wait', user: '102', state: 'ringing', seconds: 15 });
  await phones.do({ do: 'answer', user: '102' });
  await phones.do({ do: 'wait', user: '101', state: 'talking' });
  await phones.do({ do: 'hang_up', user: '101' });
  browser = await openBrowser();
  page = await openPage(browser);
  await login(page, server);
});
after(async () => {
  phones?.close();
  await browser?.close();
  await server?.close();
});

const figure = (key) => page.getByTestId(`figure-${key}`);

test('the rail leads to the figures of a group and of each member', async () => {
  await page.getByRole('link', { name: 'Statistics' }).first().click();
  await page.waitForURL(/\/statistics/);
  await page.goto(`${server.url}/statistics?group=sales&days=1`);
  await figure('calls').waitFor();
  assert.match(await figure('calls').textContent(), /^1Calls/);
  assert.match(await figure('answered').textContent(), /100\s?%/);
  assert.match(await figure('level').textContent(), /100\s?%Answered within 20 s/);
  const cells = await page.getByTestId('member-102').locator('td').allTextContents();
  assert.deepEqual(cells.slice(0, 3), ['1', '1', '0'], 'rang once, answered once, missed none');
});

test('hours and patience are pictures, and tables for who cannot see them', async () => {
  await page.getByTestId('hours').getByRole('img').waitFor();
  await page.getByTestId('hours').getByText('The same as a table').click();
  const hours = page.getByTestId('hours').locator('tbody tr');
  assert.equal(await hours.count(), 24);
  assert.equal((await hours.locator('td:nth-child(2)').allTextContents()).filter((text) => text === '1').length, 1);
  await page.getByTestId('abandon').getByText('The same as a table').click();
  assert.equal(await page.getByTestId('abandon').locator('tbody tr').count(), 24);
});

test('a group that nobody called says so, and the address keeps the question', async () => {
  await page.getByLabel('Group', { exact: true }).selectOption('turn');
  await page.getByText('There were no calls to this group in that time.').waitFor();
  assert.match(page.url(), /group=turn/);
  assert.deepEqual(page.faults, []);
});
