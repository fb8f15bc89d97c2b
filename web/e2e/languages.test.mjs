// Every page in Polish and Spanish: no raw key, nothing that axe finds, no scrolling sideways on a phone.
import { after, before, test } from 'node:test';
import { axe, kAlice, kOwn, kPages, narrow, openOffice, settled, walk } from './walk.mjs';

let office;
before(async () => {
  office = await openOffice();
});
after(() => office?.close());

test('every page in Spanish: no raw key, nothing for axe, dark', async () => {
  await walk(office, 'es', undefined, kPages, { colorScheme: 'dark', check: axe });
  await walk(office, 'es', kAlice, kOwn, { colorScheme: 'dark', check: axe });
});

test('every page in Polish on a phone of 360 px: no raw key, no scrolling sideways', async () => {
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, check: narrow };
  await walk(office, 'pl', undefined, kPages, phone);
  await walk(office, 'pl', kAlice, kOwn, { ...phone, check: async (page) => [...(await narrow(page)), ...(await axe(page))] });
});

// All that a story has to show, the SIP ladder with a message, too.
const opened = async (page) => {
  for (const summary of await page.locator('main summary').all()) await summary.click();
  await page.getByTestId('ladder').getByRole('button').first().click();
  await page.getByTestId('sip-message').waitFor();
  await settled(page);
  return axe(page);
};

test('a story with all that it has, in each language and both colours, and axe', async () => {
  const { body } = await office.server.api('GET', '/api/v1/records?limit=1');
  for (const language of ['en', 'pl', 'es'])
    await walk(office, language, undefined, [`/calls/${body.items[0].id}`], { colorScheme: language === 'pl' ? 'light' : 'dark', check: opened });
});
