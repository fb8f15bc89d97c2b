// Webhooks and what was told, imports, phones' settings, bans, the log, the SIP ladder, calls that
// are dragged, and what a group manager may do while they run.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { login, openBrowser, openPage, Phones, Server } from './kit.mjs';

let server, phones, browser, page, sink;
const told = [];
const answers = []; // status of the next answers; then 200
before(async () => {
  sink = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      told.push({ url: request.url, headers: request.headers, body });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise((ready) => sink.listen(0, '127.0.0.1', ready));
  server = await new Server(undefined, 'webhooks: {allow: ["127.0.0.0/8"]}\n').start();
  phones = new Phones(server);
  for (const user of ['101', '102', '103']) await phones.register(user);
  browser = await openBrowser();
  page = await openPage(browser);
  page.setDefaultTimeout(Number(process.env.PATIENCE_MS ?? 30_000));
  await login(page, server);
});
after(async () => {
  phones?.close();
  await browser?.close();
  await server?.close();
  sink?.close();
});
const saved = () => page.getByText(/^Saved/).last().waitFor();
const until = async (look, what) => {
  for (let i = 0; i < 200; ++i) {
    if (await look()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.fail(what);
};

async function aCall(from, number, who) {
  await phones.do({ do: 'call', user: from, number });
  await phones.do({ do: 'wait', user: who, state: 'ringing', seconds: 15 });
  await phones.do({ do: 'answer', user: who });
  await phones.do({ do: 'wait', user: from, state: 'talking', seconds: 15 });
}

test('a webhook is made, says what is wrong at its field, and its test arrives signed', async () => {
  await page.goto(`${server.url}/integrations`);
  await page.getByText('No webhook yet.').waitFor();
  await page.getByRole('button', { name: 'New webhook' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('crm');
  await dialog.getByLabel('Address').fill('ftp://crm.example');
  await dialog.getByRole('button', { name: 'Make one' }).click();
  const key = await dialog.getByTestId('signing-key').textContent();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.locator('.mantine-InputWrapper-error').first().waitFor();
  await dialog.getByLabel('Address').fill(`http://127.0.0.1:${sink.address().port}/hook`);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('heading', { name: 'crm' }).waitFor();

  await page.getByRole('checkbox', { name: 'call.ended' }).check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await saved();
  assert.deepEqual((await server.api('GET', '/api/v1/webhooks/crm')).body.events, ['call.ended']);

  await page.getByRole('button', { name: 'Send a test' }).click();
  await until(() => told.length === 1, 'no test event came');
  assert.equal(JSON.parse(told[0].body).type, 'test');
  const { createHmac } = await import('node:crypto');
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = told[0].headers;
  const mac = createHmac('sha256', Buffer.from(key.trim().replace('whsec_', ''), 'base64')).update(`${id}.${at}.${told[0].body}`);
  assert.equal(signature, `v1,${mac.digest('base64')}`);
  await page.getByRole('row', { name: /test/ }).getByText('delivered').waitFor();
});

test('what was told of a call is seen with its body, and sent once more', async () => {
  answers.push(500);
  await aCall('101', '102', '102');
  await phones.do({ do: 'hang_up', user: '101' });
  const row = page.getByRole('row', { name: /call\.ended/ });
  await row.getByText('waits').waitFor();
  await row.getByText('500').first().waitFor();
  await row.getByRole('button', { name: 'Send again' }).click();
  await row.getByText('delivered').waitFor();
  const ended = told.filter((one) => one.body.includes('call.ended'));
  assert.equal(new Set(ended.map((one) => one.headers['webhook-id'])).size, 1);
  await row.getByRole('button', { name: 'Show' }).click();
  const body = JSON.parse(await page.getByTestId('delivery-body').textContent());
  assert.equal(body.type, 'call.ended');
  await page.keyboard.press('Escape');

  // The same stands with the story of the call, and in the list of all deliveries.
  await row.getByRole('link', { name: 'Open' }).click();
  await page.getByText('Told to others').click();
  await page.getByRole('row', { name: /call\.ended/ }).getByText('delivered').waitFor();
  await page.goto(`${server.url}/integrations?tab=deliveries&state=failed`);
  await page.getByText('Nothing matches').or(page.getByText('Nothing fits')).first().waitFor();
  await page.getByLabel('State').selectOption('delivered');
  await page.getByRole('row', { name: /call\.ended/ }).waitFor();
});

test('the SIP messages of a call are a ladder; a rung shows the message, and the capture is a file', async () => {
  const { body } = await server.api('GET', '/api/v1/records?limit=1');
  const id = body.items[0].id;
  const { body: kept } = await server.api('GET', `/api/v1/calls/${id}/sip`);
  await page.goto(`${server.url}/calls/${id}`);
  await page.getByText('SIP messages', { exact: true }).click();
  const rungs = page.getByTestId('ladder').getByRole('button');
  await rungs.first().waitFor();
  assert.equal(await rungs.count(), kept.items.length);
  await rungs.filter({ hasText: /^.*INVITE .* to / }).first().press('Enter');
  const message = page.getByTestId('sip-message');
  await message.getByText('Max-Forwards:').waitFor();
  assert.doesNotMatch(await message.textContent(), /response="[0-9a-f]{32}/);
  const [capture] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Capture file' }).click()]);
  assert.equal(capture.suggestedFilename(), 'call.pcap');
  await page.getByRole('link', { name: 'Log lines of this call' }).click();
  await page.getByRole('cell', { name: 'call.ended', exact: true }).waitFor();
});

test('the log is followed and filtered', async () => {
  await page.goto(`${server.url}/system?tab=log`);
  await page.getByRole('row', { name: /registration\.added/ }).first().waitFor();
  await aCall('101', '103', '103');
  await phones.do({ do: 'hang_up', user: '101' });
  await page.getByRole('row', { name: /call\.ended.*member=103/ }).waitFor();
  await page.getByLabel('Level').selectOption('error');
  await page.getByRole('cell', { name: 'call.ended', exact: true }).first().waitFor({ state: 'detached' });
  assert.match(page.url(), /level=error/);
});

test('a ban is listed with its reason and lifted', async () => {
  await page.goto(`${server.url}/system?tab=bans`);
  await page.getByText('No address is banned.').waitFor();
  await phones.guess('101', '127.0.0.66', 30);
  const row = page.getByRole('row', { name: /127\.0\.0\.66/ });
  await row.getByText('guessed passwords').waitFor();
  await row.getByRole('button', { name: 'Lift the ban of 127.0.0.66' }).click();
  await page.getByText('No address is banned.').waitFor();
  assert.deepEqual((await server.api('GET', '/api/v1/bans')).body.items, []);
});

test('a table is looked at row by row, imported in part, and taken back', async () => {
  await page.goto(`${server.url}/import`);
  await page.getByLabel('From').selectOption('freepbx');
  await page.getByLabel('Table', { exact: true }).fill('extension,name,secret,dial\n901,Ben,x,SIP/901\n,nobody,y,\n');
  await page.getByRole('button', { name: 'What would become of it' }).click();
  const report = page.getByTestId('import-report');
  await report.getByText('1 row is left out').waitFor();
  await report.getByRole('row', { name: /901/ }).getByText('taken').waitFor();
  await report.getByRole('row', { name: /left out/ }).waitFor();
  await report.getByText('Columns that mean nothing here: dial').waitFor();
  assert.equal((await server.api('GET', '/api/v1/users/901')).status, 404);
  const [file] = await Promise.all([page.waitForEvent('download'), report.getByRole('button', { name: 'Save the report' }).click()]);
  assert.equal(file.suggestedFilename(), 'import-report.csv');

  await report.getByRole('button', { name: 'Import 1 of 2 rows' }).click();
  await page.getByText('Imported: 1 change').waitFor();
  assert.equal((await server.api('GET', '/api/v1/users/901')).body.name, 'Ben');
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await page.getByText('Taken back').waitFor();
  assert.equal((await server.api('GET', '/api/v1/users/901')).status, 404);

  await page.getByLabel('Table', { exact: true }).fill('colour\nblue\n');
  await page.getByRole('button', { name: 'What would become of it' }).click();
  await page.getByRole('alert').waitFor();
});

test('a phone fetches its settings from the window that is opened for it, once', async () => {
  await page.goto(`${server.url}/people/102`);
  await page.getByRole('tab', { name: 'Phones' }).click();
  await page.getByRole('button', { name: 'Settings for the phone 102' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Server as the phone reaches it').fill('not a host');
  await dialog.getByRole('button', { name: 'Open the window' }).click();
  await dialog.locator('.mantine-InputWrapper-error').waitFor();
  await dialog.getByLabel('Server as the phone reaches it').fill('127.0.0.1');
  await dialog.getByLabel('Lamps').selectOption('600');
  await dialog.getByRole('button', { name: 'Open the window' }).click();
  const url = (await dialog.getByTestId('provision-URL').textContent()).trim();
  await dialog.getByText('By DHCP instead').click();
  assert.match(await dialog.getByTestId('provision-dnsmasq').textContent(), /dhcp-option=66/);
  const settings = await (await fetch(`${url}001565000001.cfg`)).text();
  assert.match(settings, /pw102/);
  assert.doesNotMatch(await page.locator('body').textContent(), /pw102/);
  await page.keyboard.press('Escape');

  // A softphone reads the address from a picture.
  await page.getByRole('button', { name: 'Settings for the phone 102' }).click();
  await dialog.getByLabel('Kind of phone').selectOption('linphone');
  await dialog.getByRole('button', { name: 'Open the window' }).click();
  await dialog.getByRole('img', { name: 'QR code for Linphone' }).waitFor();
  await page.keyboard.press('Escape');
  assert.deepEqual(page.faults, []);
});

const live = (on) => on.getByTestId('live-call');

test('a call is dragged onto a person: picked up there while it rings, sent on while it talks', async () => {
  await page.goto(`${server.url}/live`);
  const onto = async (name) => live(page).getByTestId('live-handle').dragTo(page.getByTestId('person').filter({ hasText: name }));
  await phones.do({ do: 'call', user: '101', number: '102' });
  await phones.do({ do: 'wait', user: '102', state: 'ringing', seconds: 15 });
  await live(page).getByText('looking for somebody').waitFor();
  await onto('Cora');
  await page.getByRole('dialog').getByText('Cora').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Pick up' }).click();
  await phones.do({ do: 'wait', user: '103', state: 'ringing', seconds: 15 });
  await phones.do({ do: 'answer', user: '103' });
  await live(page).getByText('talking').waitFor();

  await onto('Bob');
  await page.getByRole('dialog').getByRole('radio', { name: /Alice/ }).check();
  await page.getByRole('dialog').getByRole('button', { name: 'Transfer' }).click();
  await phones.do({ do: 'wait', user: '102', state: 'ringing', seconds: 15 });
  await phones.do({ do: 'answer', user: '102' });
  await phones.do({ do: 'wait', user: '103', state: 'over', seconds: 15 });
  await phones.do({ do: 'hang_up', user: '101' });
  await live(page).waitFor({ state: 'detached' });
});

test('a group manager acts on the calls of his groups, and on no others', async () => {
  const password = 'a long enough password';
  const account = { email: 'manager@office.example', password, role: 'group_manager', groups: ['Sales'] };
  assert.equal((await server.api('POST', '/api/v1/admins', account)).status, 201);
  const manager = await openPage(browser);
  await login(manager, server, { login: account.email, password });
  await manager.goto(`${server.url}/live`);
  await phones.do({ do: 'call', user: '103', number: '601' });
  await live(manager).getByText('looking for somebody').waitFor();
  assert.equal(await live(manager).getByRole('button', { name: 'Hang up' }).count(), 0);
  await phones.do({ do: 'cancel', user: '103' });
  await live(manager).waitFor({ state: 'detached' });
  await phones.do({ do: 'call', user: '103', number: '600' });
  await live(manager).getByRole('button', { name: 'Hang up' }).click();
  await live(manager).waitFor({ state: 'detached' });
  await phones.do({ do: 'wait', user: '103', state: 'over', seconds: 15 });
  assert.deepEqual(manager.faults, []);
  await manager.context().close();
});
