// Queues, menus and phones: who waits, who is asked, what a key does, which phone is there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { login, openBrowser, openPage, Phones, Server } from './kit.mjs';

let server, phones, browser, page;
before(async () => {
  server = await new Server().start();
  phones = new Phones(server);
  browser = await openBrowser();
  page = await openPage(browser);
  await login(page, server);
});
after(async () => {
  phones?.close();
  await browser?.close();
  await server?.close();
});
const saved = () => page.getByText(/^Saved/).last().waitFor();
const queue = async (id) => (await server.api('GET', `/api/v1/queues/${id}`)).body;

test('a queue is made, gets agents, and says what is wrong next to the field', async () => {
  await page.goto(`${server.url}/queues`);
  await page.getByRole('button', { name: 'New queue' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Orders');
  await page.getByRole('dialog').getByLabel('Extension').fill('620');
  await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
  await page.getByRole('heading', { name: 'Orders' }).waitFor();
  for (const [typed, who] of [['Bob', 'Bob'], ['103', 'Cora']]) {
    await page.getByRole('combobox', { name: 'Add an agent' }).fill(typed);
    await page.getByRole('option', { name: who }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: `Remove ${who}` }).waitFor();
  }
  await page.getByRole('button', { name: 'Move Cora up' }).click();
  await page.getByLabel('Who is asked first').selectOption('round_robin');
  await page.getByLabel('Least agents').fill('1');
  await page.getByRole('switch', { name: 'Callers hear their place in the line' }).click({ force: true });
  await page.getByLabel('When nobody answers').selectOption('hangup');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await saved();
  const made = await queue('orders');
  assert.deepEqual(made.members.map((one) => one.ring), ['103', '102']);
  assert.deepEqual([made.strategy, made.minimum_agents, made.announce_position], ['round_robin', 1, true]);
  assert.deepEqual(made.finally, { hangup: true });
  await page.getByRole('textbox', { name: 'Extension' }).fill('101');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('.mantine-InputWrapper-error').first().waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
});

test('an agent is logged in and sent away at once', async () => {
  await page.goto(`${server.url}/queues/support`);
  await page.getByRole('switch', { name: 'Bob logged in' }).click({ force: true });
  await page.waitForFunction(() => document.querySelector('[aria-label="Bob logged in"]').checked);
  await page.getByRole('switch', { name: 'Bob away' }).click({ force: true });
  await page.waitForFunction(() => document.querySelector('[aria-label="Bob away"]').checked);
  const bob = (await queue('support')).members[1];
  assert.deepEqual([bob.logged_in, bob.paused], [true, 'yes']);
});

test('who waits in a queue is seen while he waits', async () => {
  await phones.register('103');
  await phones.do({ do: 'call', user: '103', number: '610' });
  await page.getByTestId('waiting').getByText('1 caller is waiting').waitFor();
  await page.getByTestId('waiting').getByRole('link', { name: 'Cora' }).waitFor();
  await page.goto(`${server.url}/queues`);
  await page.getByRole('row', { name: /Support/ }).getByText('1', { exact: true }).waitFor();
  await phones.do({ do: 'hang_up', user: '103' });
  await page.getByRole('row', { name: /Support/ }).getByText('0', { exact: true }).waitFor();
});

test('a key of a menu gets a destination', async () => {
  await page.goto(`${server.url}/menus/front`);
  await page.getByRole('button', { name: 'Add key 2' }).click();
  const key = page.getByTestId('key-2');
  await key.getByLabel('goes to').selectOption('queue');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await key.locator('.mantine-InputWrapper-error').waitFor();
  await key.getByLabel('Which').selectOption('Support');
  await page.getByRole('button', { name: 'Remove key 0' }).click();
  await page.keyboard.press('Control+s');
  await saved();
  const menu = (await server.api('GET', '/api/v1/ivrs/front')).body;
  assert.deepEqual(menu.keys, { 1: { group: 'Sales' }, 2: { queue: 'Support' } });
});

test('a sound is a text that the machine speaks, or a file that was recorded by phone', async () => {
  await page.goto(`${server.url}/sounds`);
  await page.getByText('By phone: dial *29').waitFor();
  await page.getByRole('button', { name: 'New sound' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Hello');
  await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click();
  await page.getByRole('row', { name: /Hello/ }).getByText('no file yet').waitFor();
  await page.getByRole('button', { name: 'Hello: speak a text' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('Good morning. <Press> 1 & wait.');
  await page.getByRole('dialog').getByLabel('Language').selectOption('es');
  await page.getByRole('dialog').getByRole('button', { name: 'Speak', exact: true }).click();
  await page.getByText('Hello is spoken').waitFor();
  const heard = await fetch(`${server.url}/api/v1/sounds/hello/audio`, { headers: { Authorization: `Bearer ${server.token}` } });
  assert.equal((await heard.arrayBuffer()).byteLength > 10_000, true);
  await page.getByRole('row', { name: /Hello/ }).getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('dialog').getByLabel('File').fill('prompts/7');
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
  await saved();
  assert.equal((await server.api('GET', '/api/v1/sounds/hello')).body.file, 'prompts/7');
});

test('phones that are there, and people without one', async () => {
  await page.goto(`${server.url}/phones`);
  await page.getByRole('row', { name: /Cora/ }).waitFor();
  await page.getByTestId('without-phone').getByText('Alice').waitFor();
  await phones.register('101');
  await page.getByRole('row', { name: /Alice/ }).waitFor();
  await page.getByTestId('without-phone').getByText('Alice').waitFor({ state: 'detached' });
  await page.getByRole('searchbox').fill('alice');
  await page.getByRole('row', { name: /Cora/ }).waitFor({ state: 'detached' });
  assert.deepEqual(page.faults, []);
});
