// SPDX-License-Identifier: Apache-2.0
// node browser_test.mjs REPORT_MOCK CHROMIUM PICTURES: opens generated reports in headless Chromium
// with the network cut off and checks that every figure draws, that nothing is loaded, that the
// page answers keys and choices, and leaves pictures at 1280 and 390 pixels, light and dark.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import test, { after } from 'node:test';
import { pathToFileURL } from 'node:url';

const { chromium } = createRequire(join(process.env.NODE_PATH, 'test.js'))('playwright-core');
const [mock, executablePath] = process.argv.slice(2);
const pictures = resolve(process.argv[4]);
mkdirSync(pictures, { recursive: true });

/** A report with the given options of report_mock, as a file address. */
function report(name, ...options) {
  const path = join(pictures, `${name}.html`);
  execFileSync(mock, [path, ...options]);
  return pathToFileURL(path).href;
}

const full = report('full');

const launch = (...more) =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--host-resolver-rules=MAP * ~NOTFOUND',
      ...more,
    ],
  });
const withWebgl = await launch('--use-angle=swiftshader', '--enable-unsafe-swiftshader');
after(() => withWebgl.close());

/** Opens an address without a network; `complaints` fills with requests and errors of the page. */
async function open(address, options = {}, browser = withWebgl) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  await context.setOffline(true);
  context.setDefaultTimeout(120_000); // software WebGL on a busy machine
  const page = await context.newPage();
  const complaints = [];
  page.on('request', (request) => {
    const url = request.url();
    if (url !== address && !url.startsWith('data:') && !url.startsWith('blob:')) complaints.push(`request: ${url}`);
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.stack}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  await page.goto(address);
  return { page, complaints, close: () => context.close() };
}

/** Scrolls to a figure and waits until it is drawn. */
async function show(page, id) {
  await page.locator(`#${id}`).scrollIntoViewIfNeeded();
  await page.waitForSelector(`#${id}:is([data-drawn], [data-error])`);
}

const drawAll = (page) => page.evaluate(() => window.nullcline.drawAll());

/** What the figures say of themselves, and how many plots of theirs hold marks. */
const figures = (page) =>
  page.$$eval('figure', (all) =>
    all.map((figure) => ({
      id: figure.id,
      name: figure.dataset.figure,
      drawn: figure.dataset.drawn ?? '',
      error: figure.dataset.error ?? '',
      missing: figure.dataset.missing ?? '',
      plots: figure.querySelectorAll('.plot').length,
      full: Array.from(figure.querySelectorAll('.plot')).filter((plot) =>
        plot.querySelector('.scatterlayer .trace path, canvas, img'),
      ).length,
      rows: figure.querySelectorAll('tbody tr').length,
    })),
  );

/** In pictures of tall figures the sticky header would lie over them. */
const style = 'header { visibility: hidden }';

const widths = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };

for (const [size, viewport] of Object.entries(widths)) {
  for (const colorScheme of ['light', 'dark']) {
    test(`every figure draws offline as a reader scrolls by, ${size} and ${colorScheme}`, async () => {
      const { page, complaints, close } = await open(full, { viewport, colorScheme });
      const name = `${size}_${colorScheme}`;
      await page.screenshot({ path: join(pictures, `${name}_top.png`) });
      const ids = await page.$$eval('figure', (all) => all.map((figure) => figure.id));
      assert.equal(ids.length, 59); // five of both tasks, 21 of perception, 33 of decision
      for (const id of ids) {
        await show(page, id);
        await page.locator(`#${id}`).screenshot({ path: join(pictures, `${name}_${id}.png`), style });
      }
      for (const section of ['overview', 'settings']) {
        await page.locator(`#${section}`).screenshot({ path: join(pictures, `${name}_${section}.png`), style });
      }
      for (const figure of await figures(page)) {
        assert.equal(figure.error, '', figure.id);
        assert.equal(figure.drawn, 'true', figure.id);
        assert.equal(figure.full, figure.plots, `${figure.id}: an empty plot`);
        assert.ok(figure.plots > 0 || figure.rows > 0, `${figure.id} shows nothing`);
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `the page is ${overflow} pixels too wide`);
      assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), colorScheme);
      assert.deepEqual(complaints, []);
      await close();
    });
  }
}

test('figures draw when they are scrolled into view, not before', async () => {
  const { page, close } = await open(full);
  assert.equal(await page.locator('#decision-centrality').getAttribute('data-drawn'), null);
  await show(page, 'decision-centrality');
  await close();
});

test('the page holds few WebGL contexts, and what it let go of draws again', async () => {
  const { page, complaints, close } = await open(full);
  await drawAll(page);
  const scenes = () => page.$$eval('.gl-container canvas', (all) => all.length);
  assert.ok((await scenes()) <= 8);
  const parked = page.locator('figure:has(.plot > img)').first();
  await parked.scrollIntoViewIfNeeded();
  const id = await parked.getAttribute('id');
  await page.waitForSelector(`#${id} canvas`);
  assert.ok((await scenes()) <= 8);
  assert.deepEqual(complaints, []);
  await close();
});

test('without WebGL two flat projections stand for each view', async () => {
  const browser = await launch('--disable-3d-apis');
  const { page, close } = await open(full, {}, browser);
  await drawAll(page);
  for (const figure of await figures(page)) {
    assert.equal(figure.error, '', figure.id);
    assert.equal(figure.full, figure.plots, `${figure.id}: an empty plot`);
  }
  const latent = page.locator('#perception-latent_dca');
  assert.equal(await latent.locator('.plot').count(), 4);
  assert.match(await latent.innerText(), /no WebGL/);
  await latent.screenshot({ path: join(pictures, 'flat_perception-latent_dca.png'), style });
  await browser.close();
});

test('a figure without its analysis says which one is missing', async () => {
  const { page, complaints, close } = await open(report('without_dca', '--without', 'dca', '--networks', '2'));
  await drawAll(page);
  for (const figure of await figures(page)) {
    assert.equal(figure.error, '', figure.id);
    const isMissing = ['latent_dca', 'isocontours'].includes(figure.name);
    assert.equal(figure.missing, isMissing ? 'dca' : '', figure.id);
  }
  assert.match(await page.locator('#decision-latent_dca').innerText(), /“dca”/);
  assert.deepEqual(complaints, []);
  await close();
});

test('text of the study stays text', async () => {
  const hostile = '</script><script>window.broken=1</script><img src=x onerror="window.broken=1"><b>&amp;';
  const { page, complaints, close } = await open(report('hostile', '--networks', '2', '--text', hostile));
  await drawAll(page);
  assert.equal(await page.evaluate(() => window.broken), undefined);
  assert.equal(await page.locator('h1').innerText(), `Mock study${hostile}`);
  assert.equal(await page.title(), `Mock study${hostile}`);
  for (const figure of await figures(page)) assert.equal(figure.error, '', figure.id);
  assert.deepEqual(complaints, []);
  await close();
});

test('the table of fixed points sorts, and keys choose the spectrum', async () => {
  const { page, close } = await open(full);
  const figure = page.locator('#decision-fixed_points');
  await show(page, 'decision-fixed_points');
  const firsts = () => figure.locator('.body > .table tbody tr > td:first-child').allInnerTexts();
  const head = figure.locator('.body > .table thead button').first();

  await head.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  const descending = (await firsts()).map(Number);
  assert.deepEqual(descending, [...descending].sort((a, b) => b - a));
  assert.equal(await figure.locator('th').first().getAttribute('aria-sort'), 'descending');

  await figure.locator('.body > .table tbody tr').first().click();
  await page.waitForSelector(`#decision-fixed_points .spectrum[data-point="${descending[0]}"]`);
  await page.keyboard.press('ArrowDown');
  await page.waitForSelector(`#decision-fixed_points .spectrum[data-point="${descending[1]}"]`);
  assert.equal(await figure.locator('.body > .table tr[aria-selected="true"] td').first().innerText(), String(descending[1]));
  await close();
});

test('one network chosen in a figure is chosen in all that show one', async () => {
  const { page, close } = await open(full);
  for (const figure of ['weight_change', 'latent_pca', 'fixed_points']) await show(page, `perception-${figure}`);
  const choice = (figure) => page.locator(`#perception-${figure} label:has-text("Network ") select`);
  const ids = await choice('fixed_points').locator('option').evaluateAll((all) => all.map((o) => o.value));
  await choice('fixed_points').selectOption(ids[3]);
  for (const figure of ['weight_change', 'latent_pca']) await show(page, `perception-${figure}`);
  assert.equal(await choice('weight_change').inputValue(), ids[3]);
  assert.equal(await choice('latent_pca').inputValue(), ids[3]);
  await close();
});

test('a metric chosen for the map of all networks is that of their matrix, and every order draws', async () => {
  const { page, complaints, close } = await open(full);
  const choice = (figure, name) => page.locator(`#all-populations-${figure} label:has-text("${name} ") select`);
  for (const figure of ['similarity_map', 'similarity_matrix']) await show(page, `all-populations-${figure}`);
  await choice('similarity_map', 'Metric').selectOption('similarity/svcca');
  await show(page, 'all-populations-similarity_matrix');
  assert.equal(await choice('similarity_matrix', 'Metric').inputValue(), 'similarity/svcca');
  for (const order of ['population', 'stage']) {
    await choice('similarity_matrix', 'Order').selectOption(order);
    await show(page, 'all-populations-similarity_matrix');
  }
  for (const figure of await figures(page)) assert.equal(figure.error, '', figure.id);
  assert.deepEqual(complaints, []);
  await close();
});

test('every choice draws', async () => {
  const { page, complaints, close } = await open(full);
  for (const name of ['outputs', 'weights', 'centrality', 'latent_dca', 'isocontours', 'layers', 'transients', 'subspace_angles', 'connections', 'continuation', 'lyapunov', 'line_attractor', 'homology', 'local_information', 'manifold_slices', 'metric_maps', 'metric_ellipses', 'metric_gridlines', 'metric_spectra', 'metric_distances', 'manifold_topology']) {
    const id = `decision-${name}`;
    await show(page, id);
    const selects = page.locator(`#${id} .controls select`);
    for (let i = 0; i < (await selects.count()); ++i) {
      const values = await selects.nth(i).locator('option').evaluateAll((all) => all.map((option) => option.value));
      await selects.nth(i).selectOption(values[values.length - 1]);
      await show(page, id);
      assert.equal(await selects.nth(i).inputValue(), values[values.length - 1]);
    }
  }
  for (const figure of await figures(page)) assert.equal(figure.error, '', figure.id);
  assert.deepEqual(complaints, []);
  await close();
});

test('populations that differ in their gain are one map of gain and noise, those of one gain a line', async () => {
  const id = 'all-populations-lyapunov_noise';
  for (const [gains, plots] of [[4, 2], [1, 1]]) {
    const { page, complaints, close } = await open(report(`gains_${gains}`, '--gains', String(gains), '--networks', '3'));
    for (const other of ['all-populations-nonlinearity', id]) await show(page, other);
    for (const figure of await figures(page)) assert.equal(figure.error, '', figure.id);
    assert.equal(await page.locator(`#${id} .plot`).count(), plots);
    const cells = await page.$$eval(`#${id} .plot`, (all) => all.flatMap((plot) => plot.data).find((trace) => trace.marker?.showscale)?.x.length ?? 0);
    assert.equal(cells, gains > 1 ? 4 * gains : 0); // four amplitudes of noise
    await page.locator(`#${id}`).screenshot({ path: join(pictures, `gains_${gains}.png`), style });
    assert.deepEqual(complaints, []);
    await close();
  }
});

test('a slider moves what is drawn, in every figure that has it', async () => {
  const { page, complaints, close } = await open(full);
  const slider = (figure) => page.locator(`#decision-${figure} input[type="range"]`);
  const lines = () =>
    page.$eval('#decision-metric_gridlines .plot', (plot) => Array.from(plot.querySelectorAll('.trace path'), (path) => path.getAttribute('d')).join());
  for (const figure of ['metric_maps', 'metric_gridlines']) await show(page, `decision-${figure}`);
  assert.equal(await slider('metric_gridlines').inputValue(), '4'); // the last of five times
  const atTheEnd = await lines();
  await slider('metric_gridlines').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction(
    (before) => Array.from(document.querySelectorAll('#decision-metric_gridlines .plot:first-of-type .trace path'), (path) => path.getAttribute('d')).join() !== before,
    atTheEnd,
  );
  assert.match(await page.locator('#decision-metric_gridlines .controls output').innerText(), /1.2/);
  await show(page, 'decision-metric_maps');
  assert.equal(await slider('metric_maps').inputValue(), '2');
  for (const figure of await figures(page)) assert.equal(figure.error, '', figure.id);
  assert.deepEqual(complaints, []);
  await close();
});

test('a plot is saved as a vector picture', async () => {
  const { page, close } = await open(full, { acceptDownloads: true });
  for (const id of ['decision-transients', 'decision-homology', 'decision-metric_maps']) {
    await show(page, id);
    const button = page.locator(`#${id} .modebar-btn[data-title^="Download"]`).first();
    const [download] = await Promise.all([page.waitForEvent('download'), button.click({ force: true })]);
    assert.match(download.suggestedFilename(), new RegExp(`^${id}(-1)?\\.svg$`));
    const picture = readFileSync(await download.path(), 'utf8');
    assert.match(picture, /^<svg/);
    assert.ok(picture.includes('<path') && !picture.includes('<image'), id);
    // What the page says beside the plot is in the picture.
    const words = await page.locator(`#${id} .legend li, #${id} .panel:first-child h4`).allTextContents();
    const texts = await page.evaluate(
      (source) => [...new DOMParser().parseFromString(source, 'image/svg+xml').querySelectorAll('text')].map((text) => text.textContent),
      picture,
    );
    assert.ok(words.length > 0, id);
    for (const word of words) assert.ok(texts.includes(word), `${id}: ${word}`);
  }
  await close();
});

test('a view in space becomes flat, and then is a vector picture', async () => {
  const { page, close } = await open(full, { acceptDownloads: true });
  const id = 'decision-isocontours';
  await show(page, id);
  assert.ok((await page.locator(`#${id} .plot canvas, #${id} .plot img`).count()) > 0);
  await page.locator(`#${id} label:has-text("View") select`).selectOption('flat');
  await page.waitForSelector(`#${id}[data-drawn]:not(:has(.plot canvas))`);
  const button = page.locator(`#${id} .modebar-btn[data-title^="Download"]`).first();
  const [download] = await Promise.all([page.waitForEvent('download'), button.click({ force: true })]);
  const picture = readFileSync(await download.path(), 'utf8');
  assert.ok(picture.includes('<path') && !picture.includes('<image'), id);
  await close();
});

test('the theme follows the system until the reader chooses', async () => {
  const { page, close } = await open(full, { colorScheme: 'light' });
  const becomes = (theme) => page.waitForSelector(`html[data-theme="${theme}"]`);
  await page.emulateMedia({ colorScheme: 'dark' });
  await becomes('dark');
  await page.locator('header select').selectOption('light');
  await becomes('light');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await becomes('light');
  await close();
});
