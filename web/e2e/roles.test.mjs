// Each role sees what it may use, and nothing that would be refused.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { login, openBrowser, openPage, Server } from './kit.mjs';

const kPassword = 'a long enough password';
let server, browser;
before(async () => {
  server = await new Server().start();
  browser = await openBrowser();
  for (const [role, groups] of [['group_manager', ['Sales']], ['read_only', undefined]]) {
    const account = { email: `${role}@office.example`, password: kPassword, role, ...(groups ? { groups } : {}) };
    assert.equal((await server.api('POST', '/api/v1/admins', account)).status, 201);
  }
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** Opens every page of the rail; whatever the server refuses there is told. */
async function walkRail(role) {
  const page = await openPage(browser);
  const refused = [];
  page.on('response', (answer) => {
    if (answer.status() === 403) refused.push(`${new URL(page.url()).pathname}: ${answer.url()}`);
  });
  await login(page, server, { login: `${role}@office.example`, password: kPassword });
  const links = await page.locator('nav a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  for (const path of links) {
    await page.goto(server.url + path);
    await page.locator('#main h1').first().waitFor();
    await page.waitForFunction(() => !document.querySelector('.mantine-Loader-root'));
  }
  assert.deepEqual([refused, page.faults], [[], []]);
  return { page, links };
}

test('a group manager changes his groups and only looks at the others', async () => {
  const { page, links } = await walkRail('group_manager');
  assert.ok(!links.includes('/people') && links.includes('/groups'));
  await page.goto(`${server.url}/groups/sales`);
  await page.getByTestId('bar-102').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Control+s');
  await page.getByText(/^Saved · revision/).waitFor();
  await page.goto(`${server.url}/groups/all`);
  await page.getByTestId('sentence').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Save', exact: true }).count(), 0);
  assert.equal(await page.getByRole('slider').count(), 0);
});

test('who may only read sees everything of the office and no button to save', async () => {
  const { page, links } = await walkRail('read_only');
  assert.ok(links.includes('/people') && !links.includes('/history'));
  for (const path of ['/groups/sales', '/people/101', '/trunks/carrier', '/chain/101']) {
    await page.goto(server.url + path);
    await page.locator('#main h1').first().waitFor();
    assert.equal(await page.getByRole('button', { name: 'Save', exact: true }).count(), 0, path);
  }
});
