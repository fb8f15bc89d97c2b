// Every page in each language: no raw key, nothing that axe finds, no scrolling sideways on a phone.
// With HARRIER_SHOTS=FOLDER it also makes the pictures of the documentation.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { kTexts, login, openBrowser, openPage, Phones, Server } from './kit.mjs';

const kPages = [
  '/', '/live', '/groups', '/groups/sales', '/groups/staged', '/calls', '/simulator?number=600&phones=all', '/simulation', '/statistics?group=sales', '/people',
  '/people/101', '/queues', '/queues/support', '/menus', '/menus/front', '/phones',
  '/numbers', '/trunks', '/trunks/carrier', '/chain', '/chain/101', '/hours', '/sounds', '/mailboxes',
  '/mailboxes/general', '/codes', '/history', '/system', '/system?tab=office', '/system?tab=backup',
  '/system?tab=accounts', '/system?tab=tokens', '/system?tab=sessions', '/system?tab=security',
];
const kOwn = ['/me', '/me/rules'];
const kAlice = { login: '101', password: "alice's own password" };

let server, phones, browser;
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
});
after(async () => {
  phones?.close();
  await browser?.close();
  await server?.close();
});

const settled = async (page) => {
  await page.locator('#main h1, main h1').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.mantine-Loader-root'));
};

/** Keys of the texts that stand on the page as they are. */
function rawKeys(text) {
  const areas = Object.keys(kTexts.en).join('|');
  const found = text.match(new RegExp(`\\b(?:${areas})\\.[a-z][A-Za-z_]*\\b`, 'g')) ?? [];
  return found.filter((word) => !/^office\.(example|yaml)$/.test(word)); // domain and file of these tests
}

async function axe(page) {
  const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  const told = found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`).slice(0, 3).join(' | ')}`);
  return told;
}

async function walk(language, who, paths, options = {}) {
  const page = await openPage(browser, { locale: language, ...options });
  await login(page, server, who);
  const faults = [];
  for (const path of paths) {
    await page.goto(server.url + path);
    await settled(page);
    const where = `${language} ${path}`;
    assert.equal(await page.evaluate(() => document.documentElement.lang), language);
    const told = [...rawKeys(await page.locator('body').innerText()), ...((await options.check?.(page)) ?? [])];
    faults.push(...told.map((one) => `${where}: ${one}`));
  }
  assert.deepEqual([...faults, ...page.faults], []);
  await page.context().close();
}

const narrow = async (page) => {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return wide > 0 ? [`${wide} px too wide`] : [];
};

test('every page in English: no raw key, nothing for axe, light', async () => {
  await walk('en', undefined, kPages, { colorScheme: 'light', check: axe });
  await walk('en', kAlice, kOwn, { colorScheme: 'light', check: axe });
});

test('every page in Spanish: no raw key, nothing for axe, dark', async () => {
  await walk('es', undefined, kPages, { colorScheme: 'dark', check: axe });
  await walk('es', kAlice, kOwn, { colorScheme: 'dark', check: axe });
});

test('every page in Polish on a phone of 360 px: no raw key, no scrolling sideways', async () => {
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, check: narrow };
  await walk('pl', undefined, kPages, phone);
  await walk('pl', kAlice, kOwn, { ...phone, check: async (page) => [...(await narrow(page)), ...(await axe(page))] });
});

test('a story in each language, and axe', async () => {
  const { body } = await server.api('GET', '/api/v1/records?limit=1');
  for (const language of ['en', 'pl', 'es'])
    await walk(language, undefined, [`/calls/${body.items[0].id}`], { check: axe });
});

test('the login page speaks the language of the browser, and axe', async () => {
  for (const [language, word] of [['en', 'Log in'], ['pl', 'Zaloguj'], ['es', 'Entrar']]) {
    const page = await openPage(browser, { locale: language });
    await page.goto(server.url);
    await page.getByRole('button', { name: word }).waitFor();
    assert.deepEqual(await axe(page), []);
    await page.locator('input[autocomplete=username]').fill('nobody@office.example');
    await page.locator('input[autocomplete=current-password]').fill('wrong');
    await page.locator('button[type=submit]').click();
    await page.getByText(kTexts[language].login.wrong).waitFor();
    await page.context().close();
  }
});

test('the first load is small', async () => {
  const page = await openPage(browser);
  let bytes = 0;
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));
  await page.goto(server.url);
  await page.locator('button[type=submit]').waitFor();
  assert.ok(bytes < 260 * 1024, `${bytes} bytes`);
});

test('pictures of the documentation', { skip: !process.env.HARRIER_SHOTS }, async () => {
  const folder = process.env.HARRIER_SHOTS;
  mkdirSync(folder, { recursive: true });
  const page = await openPage(browser, { viewport: { width: 1040, height: 640 } });
  await login(page, server);
  const shoot = async (name, path) => {
    if (path) await page.goto(server.url + path);
    await settled(page);
    await page.waitForTimeout(500);
    await page.screenshot({ path: `${folder}/${name}.png` });
  };
  await phones.register('103');
  await shoot('group', '/groups/sales');
  await shoot('simulator', '/simulator?number=604&phones=all');
  await shoot('chain', '/chain');
  await page.goto(`${server.url}/live`);
  await phones.do({ do: 'call', user: '103', number: '600' });
  await phones.do({ do: 'wait', user: '102', state: 'ringing', seconds: 15 });
  await page.waitForTimeout(2500);
  await shoot('live');
  await phones.do({ do: 'answer', user: '102' });
  await phones.do({ do: 'wait', user: '103', state: 'talking' });
  await page.waitForTimeout(1500);
  await phones.do({ do: 'hang_up', user: '103' });
  await page.waitForTimeout(1000);
  const { body } = await server.api('GET', '/api/v1/records?limit=1');
  await shoot('story', `/calls/${body.items[0].id}`);
});
