// Many calls in the panel: a group as it is and beside it changed, advice, the files.
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

test('a group is simulated beside another way of hunting', async () => {
  await page.goto(`${server.url}/simulation`);
  await page.getByLabel('Group', { exact: true }).selectOption('turn');
  await page.getByLabel('Rings that people take (%)').fill('60');
  await page.getByLabel('Who rings when').selectOption('ring_all');
  await page.getByRole('button', { name: 'Simulate', exact: true }).click();
  const answered = page.getByTestId('figure-answered').locator('td');
  await answered.first().waitFor();
  assert.equal(await answered.count(), 2);
  assert.match(await answered.first().textContent(), /%.*±/);
  await page.getByRole('heading', { name: 'Members: Changed' }).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Picture' }).click()]);
  assert.equal(download.suggestedFilename(), 'simulation.svg');
});

test('advice names changes in words, and the address is the question', async () => {
  await page.goto(`${server.url}/simulation?group=turn&answers=30&calls=1000`);
  await page.getByLabel('Look for changes that would help').check();
  await page.getByRole('button', { name: 'Simulate', exact: true }).click();
  await page.getByTestId('advice').getByRole('listitem').first().waitFor({ timeout: 60_000 });
  assert.match(await page.getByTestId('advice').textContent(), /answered \+/);
  await page.getByTestId('advice').getByRole('link', { name: 'To the group' }).click();
  await page.waitForURL(/\/groups\/turn/);
});

test('what cannot be simulated is said', async () => {
  await page.goto(`${server.url}/simulation?group=sales&learn_days=30`);
  await page.getByRole('button', { name: 'Simulate', exact: true }).click();
  await page.getByText('there were no such calls in that time').waitFor();
  assert.deepEqual(page.faults, []);
});

test('the simulator says its reasons in the language of the page', async () => {
  const polish = await openPage(browser, { locale: 'pl' });
  await login(polish, server);
  await polish.goto(`${server.url}/simulator?number=600&phones=all`);
  await polish.getByTestId('reasons').getByText(/wywoływana jest grupa .* \(kolejność dzwonienia: /).waitFor();
});
