// Every page in English (the others: languages.test.mjs), the way in, and how much the first load is.
// With HARRIER_SHOTS=FOLDER it also makes the pictures of the documentation.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { kTexts, login, openPage } from './kit.mjs';
import { axe, kAlice, kOwn, kPages, openOffice, settled, walk } from './walk.mjs';

let office, server, phones, browser;
before(async () => {
  office = await openOffice();
  ({ server, phones, browser } = office);
});
after(() => office?.close());

test('every page in English: no raw key, nothing for axe, light', async () => {
  await walk(office, 'en', undefined, kPages, { colorScheme: 'light', check: axe });
  await walk(office, 'en', kAlice, kOwn, { colorScheme: 'light', check: axe });
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
  await page.getByText('SIP messages', { exact: true }).click();
  await page.getByTestId('ladder').waitFor();
  await page.getByText('SIP messages', { exact: true }).evaluate((summary) => summary.scrollIntoView());
  await shoot('ladder');
  await page.goto(`${server.url}/import`);
  await page.getByLabel('From').selectOption('csv');
  await page.getByLabel('Table', { exact: true }).fill('extension,name,email,do_not_disturb\n104,Ben,ben@office.example,no\n105,,,perhaps\n');
  await page.getByRole('button', { name: 'What would become of it' }).click();
  await page.getByTestId('import-report').waitFor();
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await shoot('import');
});
