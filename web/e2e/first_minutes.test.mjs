// From the one-time link to an answered call and its story.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { kAdmin, openBrowser, openPage, Phones, Server } from './kit.mjs';

let server, phones, browser;
before(async () => {
  server = await new Server('').start();
  phones = new Phones(server);
  browser = await openBrowser();
});
after(async () => {
  phones?.close();
  await browser?.close();
  await server?.close();
});

test('the first five minutes', async () => {
  const page = await openPage(browser);
  const link = /\/setup\?once=[^\s"]+/.exec(server.log())?.[0];
  assert.ok(link, `the server says its one-time link: ${server.log()}`);

  await page.goto(server.url + link);
  await page.getByLabel('E-mail').fill(kAdmin.email);
  await page.locator('input[autocomplete=new-password]').fill('short');
  await page.getByRole('button', { name: 'Next' }).click();
  // What is wrong stands next to its field, and what was typed is still there.
  await page.locator('.mantine-InputWrapper-error').first().waitFor();
  assert.equal(await page.getByLabel('E-mail').inputValue(), kAdmin.email);
  await page.locator('input[autocomplete=new-password]').fill(kAdmin.password);
  await page.getByRole('button', { name: 'Next' }).click();

  for (const name of ['Alice', 'Bob', 'Cora']) {
    await page.getByLabel('Name').fill(name);
    await page.keyboard.press('Enter');
    await page.locator('.tag', { hasText: name }).waitFor();
  }
  await page.getByRole('button', { name: 'Next' }).click();

  await page.getByText('Staggered', { exact: true }).click();
  await page.getByText('after 6 s also Bob; after 10 s also Cora').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();

  const fields = async (name) => {
    const card = page.getByRole('region', { name }).getByTestId('account');
    const text = (label) => card.getByTestId(`account-${label}`).textContent();
    return { user: await text('User'), password: await text('Password'), domain: await text('Domain') };
  };
  for (const name of ['Alice', 'Bob']) {
    const account = await fields(name);
    await phones.register(account.user, account.password, account.domain);
    await page.getByRole('region', { name }).getByText('registered:').waitFor();
  }
  await page.getByRole('button', { name: 'Next' }).click();

  await phones.do({ do: 'call', user: '101', number: '600' });
  await page.getByText('101 → 600').waitFor();
  await phones.do({ do: 'wait', user: '102', state: 'ringing', seconds: 15 });
  await phones.do({ do: 'answer', user: '102' });
  await phones.do({ do: 'wait', user: '101', state: 'talking' });
  await phones.do({ do: 'hang_up', user: '101' });

  await page.waitForURL(/\/calls\//);
  await page.getByTestId('verdict').filter({ hasText: 'Bob' }).getByText('Has the call').waitFor();
  await page.getByTestId('verdict').filter({ hasText: 'Alice' }).getByText('is the caller').waitFor();
  assert.deepEqual(page.faults, []);
});

test('the link works once', async () => {
  const page = await openPage(browser);
  const link = /\/setup\?once=[^\s"]+/.exec(server.log())?.[0];
  await page.goto(server.url + link);
  await page.getByText('Harrier is set up already.').waitFor();
});
