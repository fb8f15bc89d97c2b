// Live while phones ring, and the story of the call afterwards.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { login, openBrowser, openPage, Phones, Server } from './kit.mjs';

let server, phones, browser, page;
before(async () => {
  server = await new Server().start();
  phones = new Phones(server);
  for (const user of ['101', '102', '103']) await phones.register(user);
  browser = await openBrowser();
  page = await openPage(browser);
  await login(page, server);
});
after(async () => {
  phones?.close();
  await browser?.close();
  await server?.close();
});

test('a call is a lane while it rings and talks', async () => {
  await page.goto(`${server.url}/live`);
  await page.getByText('Quiet.').waitFor();
  await page.getByTestId('person').filter({ hasText: 'Bob' }).getByText('Available').waitFor();

  await phones.do({ do: 'call', user: '101', number: '600' });
  const lane = page.getByTestId('live-call');
  await lane.getByText('looking for somebody').waitFor();
  await lane.getByTestId('live-attempt').filter({ hasText: 'Bob' }).getByText('rings', { exact: true }).waitFor({ timeout: 15_000 });
  await phones.do({ do: 'answer', user: '102' });
  await lane.getByText('with Bob').waitFor();
  await page.getByTestId('person').filter({ hasText: 'Bob' }).getByText('In a call').waitFor();

  await lane.getByRole('button', { name: 'Hang up' }).click();
  await page.getByText('Quiet.').waitFor();
  await phones.do({ do: 'wait', user: '102', state: 'over' });
});

test('the story says what the record says', async () => {
  const record = (await server.api('GET', '/api/v1/records?limit=1')).body.items[0];
  await page.goto(`${server.url}/calls`);
  await page.locator('table a').first().click();
  await page.waitForURL(`**/calls/${record.id}`);
  const rows = page.getByTestId('verdict');
  await rows.first().waitFor();
  assert.equal(await rows.count(), record.attempts.length);
  for (const attempt of record.attempts) {
    const name = { 101: 'Alice', 102: 'Bob', 103: 'Cora' }[attempt.target];
    const text = await rows.filter({ hasText: name }).textContent();
    if (attempt.result === 'won') assert.match(text, /Has the call/);
    if (attempt.result === 'skipped') assert.match(text, /did not ring: is the caller/);
  }
  await page.getByText('As text').click();
  await page.locator('pre').waitFor();
  assert.deepEqual(page.faults, []);
});

test('the list of calls filters, and its address is the view', async () => {
  await phones.do({ do: 'call', user: '102', number: '601' });
  await phones.do({ do: 'wait', user: '101', state: 'ringing' });
  await phones.do({ do: 'cancel', user: '102' });
  await page.waitForTimeout(500);
  await page.goto(`${server.url}/calls?outcome=abandoned`);
  await page.locator('table tbody tr').first().waitFor();
  assert.equal(await page.locator('table tbody tr').count(), 1);
  await page.getByLabel('Outcome').selectOption('answered');
  await page.waitForURL(/outcome=answered/);
  await page.locator('table tbody tr', { hasText: 'Sales' }).first().waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
  assert.equal(download.suggestedFilename(), 'calls.csv');
  await page.goBack();
  await page.waitForURL(/outcome=abandoned|\/calls\//);
});

const liveCall = () => page.getByTestId('live-call');
const choose = async (label, typed) => {
  await page.getByRole('dialog').getByRole('combobox', { name: label }).fill(typed);
  await page.keyboard.press('Enter');
};
const talkingWith = async (user) => {
  await phones.do({ do: 'wait', user, state: 'talking', seconds: 15 });
};

test('a new call begins at somebody\'s phone and reaches the number', async () => {
  await page.goto(`${server.url}/live`);
  await page.getByRole('button', { name: 'New call' }).click();
  await choose('From the phone of', '101');
  await choose('Call', '103');
  await page.getByRole('dialog').getByRole('button', { name: 'Call now' }).click();
  await phones.do({ do: 'wait', user: '101', state: 'ringing', seconds: 15 });
  await phones.do({ do: 'answer', user: '101' });
  await phones.do({ do: 'wait', user: '103', state: 'ringing', seconds: 15 });
  await phones.do({ do: 'answer', user: '103' });
  await liveCall().getByText('talking').waitFor();
  const { body } = await server.api('GET', '/api/v1/calls');
  assert.deepEqual([body.items[0].from, body.items[0].dialled, body.items[0].answered_by], ['101', '103', '103']);
});

test('one of two who talk is sent on', async () => {
  await liveCall().getByRole('button', { name: 'Transfer' }).click();
  await choose('Where to', '102');
  await page.getByRole('dialog').getByRole('button', { name: 'Transfer' }).click();
  await phones.do({ do: 'wait', user: '102', state: 'ringing', seconds: 15 });
  await phones.do({ do: 'answer', user: '102' });
  await phones.do({ do: 'wait', user: '103', state: 'over', seconds: 15 });
  await talkingWith('102');
  await phones.do({ do: 'hang_up', user: '101' });
  await liveCall().waitFor({ state: 'detached' });
});

test('a ringing call is picked up at another phone, and a refusal is said in words', async () => {
  await phones.do({ do: 'call', user: '101', number: '103' });
  await phones.do({ do: 'wait', user: '103', state: 'ringing', seconds: 15 });
  await liveCall().getByRole('button', { name: 'Pick up' }).click();
  await choose('At whose phone', '103');
  await page.getByRole('dialog').getByRole('button', { name: 'Pick up' }).click();
  await page.getByText('That phone rings for this call already').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Another one' }).click();
  await choose('At whose phone', '102');
  await page.getByRole('dialog').getByRole('button', { name: 'Pick up' }).click();
  await phones.do({ do: 'wait', user: '102', state: 'ringing', seconds: 15 });
  await phones.do({ do: 'answer', user: '102' });
  await talkingWith('101');
  await phones.do({ do: 'wait', user: '103', state: 'over', seconds: 15 });
  await phones.do({ do: 'hang_up', user: '101' });
  await liveCall().waitFor({ state: 'detached' });
  assert.deepEqual(page.faults, []);
});

test('the calls of a filter are sent by mail each month', async () => {
  await page.goto(`${server.url}/calls?outcome=abandoned&group=Sales`);
  await page.getByRole('button', { name: 'By mail' }).click();
  await page.getByRole('button', { name: 'New report' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Given up');
  await dialog.getByLabel('E-mail').fill('boss@office.example');
  await page.keyboard.press('Enter');
  await dialog.getByLabel('How often').selectOption('month');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByTestId('report').getByText('Sales · Caller hung up').waitFor();
  const made = (await server.api('GET', '/api/v1/reports/given-up')).body;
  assert.deepEqual([made.every, made.group, made.outcome, made.email], ['month', 'Sales', 'abandoned', ['boss@office.example']]);
  await page.getByRole('button', { name: 'Remove Given up' }).click();
  await page.getByTestId('report').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
});

test('one stream a browser, whatever the number of tabs; a lost one is said', async () => {
  const second = await page.context().newPage();
  let streams = 0;
  second.on('request', (request) => (streams += request.url().includes('/api/v1/events') ? 1 : 0));
  await second.goto(`${server.url}/live`);
  await second.locator('[data-testid=live-badge][data-kind=good]').waitFor();
  assert.equal(streams, 0);
  await phones.do({ do: 'call', user: '103', number: '101' });
  await second.getByTestId('live-call').waitFor();
  await phones.do({ do: 'cancel', user: '103' });
  await second.getByText('Quiet.').waitFor();

  await server.stop();
  await second.getByTestId('stream-lost').or(second.getByText('The server does not answer.')).first().waitFor();
  await second.close();
});
