/** A chart as a PNG: title, legend and plot as they stand on the page, in its theme, at twice its pixels. */
const SCALE = 2;
const MARGIN = 16;
const SVG = 'http://www.w3.org/2000/svg';

/** What decides how a mark style; copied as it is computed, for the image knows no style sheet. */
const STYLE_PROPERTIES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-style',
  'font-weight',
  'text-anchor',
] as const;

/** @throws Error where the browser cannot draw it. */
export async function renderPng(card: HTMLElement, caption: string): Promise<Blob> {
  const { svg, width, height } = compose(card, caption);
  const url = URL.createObjectURL(
    new Blob([new XMLSerializer().serializeToString(svg)], { type: 'image/svg+xml' }),
  );
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return await rasterise(image, width * SCALE, height * SCALE);
  } finally {
    URL.revokeObjectURL(url);
  }
}

function rasterise(image: HTMLImageElement, width: number, height: number): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this browser has no 2D canvas');
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0, width, height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no PNG was made')))),
  );
}

/** The parts that stand under each other in the image, each from its place on the page. */
function compose(card: HTMLElement, caption: string) {
  const svg = document.createElementNS(SVG, 'svg');
  const width = Math.ceil(card.getBoundingClientRect().width) + 2 * MARGIN;
  let y = MARGIN;
  for (const part of card.querySelectorAll('h3, .legend, .plot-drawing')) {
    const box = part.getBoundingClientRect();
    const offset = { x: MARGIN - box.left, y: y - box.top };
    copySvgs(part, svg, offset);
    copyTexts(part, svg, offset);
    y += box.height + 8;
    if (part.localName === 'h3') y = addCaption(card, svg, caption, y);
  }
  const height = Math.ceil(y + MARGIN - 8);
  svg.setAttribute('width', String(width * SCALE));
  svg.setAttribute('height', String(height * SCALE));
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  return { svg, width, height };
}

interface Offset {
  readonly x: number;
  readonly y: number;
}

function copySvgs(part: Element, into: SVGElement, offset: Offset): void {
  for (const drawing of part.querySelectorAll('svg')) {
    const box = drawing.getBoundingClientRect();
    const copy = drawing.cloneNode(true);
    if (!(copy instanceof SVGElement)) continue;
    inlineStyles(drawing, copy);
    copy.removeAttribute('style');
    copy.removeAttribute('class');
    for (const [name, value] of Object.entries({
      x: box.left + offset.x,
      y: box.top + offset.y,
      width: box.width,
      height: box.height,
      overflow: 'visible',
    })) {
      copy.setAttribute(name, String(value));
    }
    into.append(copy);
  }
}

function inlineStyles(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  for (const name of STYLE_PROPERTIES) to.setAttribute(name, style.getPropertyValue(name));
  [...from.children].forEach((child, i) => inlineStyles(child, to.children[i]!));
}

/** Text of HTML, run by run, where it stands; what is hidden from sight stays so. */
function copyTexts(part: Element, into: SVGElement, offset: Offset): void {
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!parent || parent.closest('svg, .visually-hidden') || !node.textContent?.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    addText(into, node.textContent, {
      x: box.left + offset.x,
      y: box.top + offset.y + box.height * 0.78,
      like: parent,
    });
  }
  for (const dot of part.querySelectorAll('.legend-dot')) {
    const box = dot.getBoundingClientRect();
    const mark = document.createElementNS(SVG, 'circle');
    mark.setAttribute('cx', String(box.left + box.width / 2 + offset.x));
    mark.setAttribute('cy', String(box.top + box.height / 2 + offset.y));
    mark.setAttribute('r', String(box.width / 2));
    mark.setAttribute('fill', getComputedStyle(dot).backgroundColor);
    into.append(mark);
  }
}

interface TextPlace extends Offset {
  readonly like: Element;
}

function addText(into: SVGElement, words: string, { x, y, like }: TextPlace): void {
  const style = getComputedStyle(like);
  const text = document.createElementNS(SVG, 'text');
  text.textContent = words;
  text.setAttribute('x', String(x));
  text.setAttribute('y', String(y));
  text.setAttribute('fill', style.color);
  for (const name of ['font-family', 'font-size', 'font-style', 'font-weight']) {
    text.setAttribute(name, style.getPropertyValue(name));
  }
  into.append(text);
}

/** Under the title, as its explanation is set: which run this is. Returns where the next part begins. */
function addCaption(card: HTMLElement, into: SVGElement, caption: string, y: number): number {
  const like = card.querySelector('.chart-explanation') ?? card;
  addText(into, caption, { x: MARGIN, y: y + 6, like });
  return y + 20;
}
