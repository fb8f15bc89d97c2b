// Rows of the systems that Harrier replaces, done in the pages as in their own panels.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { kTexts, login, openBrowser, openPage, Server } from './kit.mjs';

let server, browser;
before(async () => {
  server = await new Server().start();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.close();
});
const user = async (id) => (await server.api('GET', `/api/v1/users/${id}`)).body;

test('Row_S2_5_AnAdministratorSetsUpAStaggeredGroupInThePanel', async () => {
  const { group, groups, edit } = kTexts.pl;
  const page = await openPage(browser, { locale: 'pl' });
  await login(page, server);
  // The name first, then the numbers, then the users with their delay, the waiting time.
  await page.getByRole('link', { name: kTexts.pl.page.groups }).click();
  await page.getByRole('button', { name: groups.new }).click();
  await page.getByRole('dialog').getByLabel(group.name).fill('Serwis');
  await page.getByRole('button', { name: groups.make }).click();
  await page.waitForURL(/\/groups\/serwis/);
  for (const [field, number] of [[group.extensions, '620'], [group.extensions, '621'], [group.numbers, '+48587622448']]) {
    await page.getByRole('combobox', { name: field }).fill(number);
    await page.keyboard.press('Enter');
  }
  await page.locator('label.picture', { hasText: kTexts.pl.strategy.staggered }).click();
  for (const extension of ['101', '102', '103']) {
    await page.getByTestId('add-member').fill(extension);
    await page.keyboard.press('Enter');
    await page.getByTestId(`bar-${extension}`).waitFor();
  }
  for (const [extension, seconds] of [['102', 6], ['103', 10]]) {
    await page.getByTestId(`bar-${extension}`).focus();
    for (let i = 0; i < seconds; ++i) await page.keyboard.press('ArrowRight');
  }
  await page.getByLabel(group.timeout).fill('30');
  await page.getByText('Od razu dzwoni Alice; po 6 s także Bob; po 10 s także Cora; do 30 s.').waitFor();
  await page.getByRole('button', { name: edit.save, exact: true }).click();
  await page.getByText(/^Zapisano/).waitFor();
  const made = (await server.api('GET', '/api/v1/groups/620')).body;
  assert.deepEqual(made.members.map((member) => [member.ring, member.after ?? 0]), [['101', 0], ['102', 6], ['103', 10]]);
  assert.deepEqual([made.extensions, made.numbers, made.timeout], [['620', '621'], ['+48587622448'], 30]);
  await page.context().close();
});

test('Row_S3_14_RulesAreManagedByTheAdministratorAndByTheUserWhereHeMay', async () => {
  const own = await openPage(browser);
  await login(own, server, { login: '101', password: "alice's own password" });
  await own.goto(`${server.url}/me/rules`);
  await own.getByRole('button', { name: 'New rule' }).click();
  await own.getByRole('menuitem', { name: 'My phones, then the mailbox' }).click();
  await own.getByRole('button', { name: 'Save', exact: true }).click();
  await own.getByText('Saved').last().waitFor();
  assert.equal((await user('101')).rules.length, 1);

  const page = await openPage(browser);
  await login(page, server);
  await page.goto(`${server.url}/people/101`);
  await page.getByRole('tab', { name: 'Rules' }).click();
  await page.getByRole('button', { name: /My phones, then the mailbox/ }).click();
  await page.locator('label', { hasText: 'Only administrators change it' }).click();
  await page.keyboard.press('Control+s');
  await page.getByText(/^Saved · revision/).waitFor();
  assert.equal((await user('101')).rules[0].locked, true);
  await page.getByRole('tab', { name: 'Rights and mailbox' }).click();
  await page.locator('label', { hasText: 'May change the own rules' }).click();
  await page.keyboard.press('Control+s');
  await page.waitForFunction(() => document.body.textContent.includes('Nothing changed'));

  // What is locked he sees and cannot change; without the right he is told whom to ask.
  await own.goto(`${server.url}/me/rules`);
  await own.getByText('Your administrator manages your rules.').waitFor();
  await own.context().close();
  await page.context().close();
});

test('Row_S3_15_TheListOfRulesIsReloadedPutInOrderAndShortened', async () => {
  const before = await server.api('GET', '/api/v1/users/101');
  const named = (name) => ({ name, stages: [{ ring: ['101'], for: 20 }], finally: { mailbox: '101' } });
  const patch = { permissions: { own_rules: true }, rules: [named('first'), named('second'), named('third')] };
  const headers = { 'If-Match': before.etag, 'Content-Type': 'application/merge-patch+json' };
  assert.equal((await server.api('PATCH', '/api/v1/users/101', patch, headers)).status, 200);
  const own = await openPage(browser);
  await login(own, server, { login: '101', password: "alice's own password" });
  await own.goto(`${server.url}/me/rules`);
  await own.getByRole('button', { name: /^third/ }).click();
  await own.getByRole('button', { name: 'Earlier' }).click();
  await own.getByRole('button', { name: /^first/ }).click();
  await own.getByRole('button', { name: 'Remove', exact: true }).last().waitFor();
  await own.locator('.mantine-Accordion-panel:visible').getByRole('button', { name: 'Remove', exact: true }).click();
  await own.getByRole('button', { name: 'Save', exact: true }).click();
  await own.getByText('Saved').last().waitFor();
  assert.deepEqual((await user('101')).rules.map((rule) => rule.name), ['third', 'second']);
  await own.getByRole('button', { name: 'Reload' }).click();
  await own.getByRole('button', { name: /^third/ }).waitFor();
  await own.context().close();
});

test('Row_S4_10_EachSipNumberHasItsOwnFourFields', async () => {
  const page = await openPage(browser);
  await login(page, server);
  await page.goto(`${server.url}/chain`);
  await page.getByRole('link', { name: '102', exact: true }).click();
  for (const field of ['SIP number', 'Next number', 'Service number', 'Start number']) await page.getByLabel(field).waitFor();
  await page.getByLabel('Next number').fill('0000');
  await page.getByTestId('walk').getByText('ends').waitFor();
  await page.keyboard.press('Control+s');
  await page.getByText(/^Saved · revision/).waitFor();

  // And its user, where own_chain allows it.
  const own = await openPage(browser);
  await login(own, server, { login: '101', password: "alice's own password" });
  await own.waitForURL(/\/me$/);
  await own.locator('nav').getByRole('link', { name: 'My line of the chain' }).click();
  for (const field of ['SIP number', 'Next number', 'Service number', 'Start number']) await own.getByLabel(field).waitFor();
  await own.getByLabel('Next number').fill('103');
  await own.getByLabel(/^Rings for/).fill('25');
  await own.getByRole('button', { name: 'Save', exact: true }).click();
  await own.getByText('Saved').last().waitFor();
  const rows = (await server.api('GET', '/api/v1/chain')).body.items;
  const line = rows.find((row) => row.sip_number === '101');
  assert.deepEqual([line.next_number, line.for], ['103', 25]);
  await own.getByLabel(/^Rings for/).fill('soon');
  await own.getByRole('button', { name: 'Save', exact: true }).click();
  await own.locator('.mantine-InputWrapper-error').waitFor();

  // Who may not is told whom to ask.
  await server.api('PATCH', '/api/v1/users/101', { permissions: { own_chain: false } }, { 'If-Match': '*' });
  await own.goto(`${server.url}/me/chain`);
  await own.getByText('An administrator can allow it').waitFor();
  assert.equal(await own.locator('nav').getByRole('link', { name: 'My line of the chain' }).count(), 0);
  await own.context().close();
});
