// Opens pages as a visitor would and tells what is wrong with them.
import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import { kTexts, login, openBrowser, openPage, Phones, Server } from './kit.mjs';

export const kPages = [
  '/', '/live', '/groups', '/groups/sales', '/groups/staged', '/calls', '/simulator?number=600&phones=all', '/simulation', '/statistics?group=sales', '/people',
  '/people/101', '/queues', '/queues/support', '/menus', '/menus/front', '/phones',
  '/numbers', '/trunks', '/trunks/carrier', '/chain', '/chain/101', '/hours', '/sounds', '/mailboxes',
  '/mailboxes/general', '/codes', '/history', '/system', '/system?tab=log', '/system?tab=bans', '/integrations', '/integrations?tab=deliveries',
  '/integrations?tab=api', '/integrations/shop', '/import', '/system?tab=office', '/system?tab=backup',
  '/system?tab=accounts', '/system?tab=tokens', '/system?tab=sessions', '/system?tab=security',
];
export const kOwn = ['/me', '/me/rules', '/me/chain'];
export const kAlice = { login: '101', password: "alice's own password" };

/** An office with one call that is over, a browser, and how they end. */
export async function openOffice() {
  const server = await new Server().start();
  const shop = { name: 'shop', url: 'http://127.0.0.1:9/', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', events: ['call.ended'] };
  assert.equal((await server.api('POST', '/api/v1/webhooks', shop)).status, 201);
  const phones = new Phones(server);
  for (const user of ['101', '102']) await phones.register(user);
  await phones.do({ do: 'call', user: '101', number: '600' });
  await phones.do({ do: 'wait', user: '102', state: 'ringing', seconds: 15 });
  await phones.do({ do: 'answer', user: '102' });
  await phones.do({ do: 'wait', user: '101', state: 'talking' });
  await phones.do({ do: 'hang_up', user: '101' });
  const browser = await openBrowser();
  const close = async () => {
    phones.close();
    await browser.close();
    await server.close();
  };
  return { server, phones, browser, close };
}

export const settled = async (page) => {
  await page.locator('#main h1, main h1').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.mantine-Loader-root'));
};

/** Keys of the texts that stand on the page as they are. */
function rawKeys(text) {
  const areas = Object.keys(kTexts.en).join('|');
  const found = text.match(new RegExp(`\\b(?:${areas})\\.[a-z][A-Za-z_]*\\b`, 'g')) ?? [];
  // Domain and file of these tests, and events of the log.
  return found.filter((word) => !/^(office\.(example|yaml)|login\.(accepted|failed|ended))$/.test(word));
}

export async function axe(page) {
  const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  const told = found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`).slice(0, 3).join(' | ')}`);
  return told;
}

export async function walk({ server, browser }, language, who, paths, options = {}) {
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

export const narrow = async (page) => {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return wide > 0 ? [`${wide} px too wide`] : [];
};
