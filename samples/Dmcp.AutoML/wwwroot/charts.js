// Charts as SVG: the front, the curves of a trial, the widths of its layers.
'use strict';

const SVG = 'http://www.w3.org/2000/svg';

function shape(parent, name, attributes, text) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  parent.append(node);
  return node;
}

// Round steps for an axis of about so many lines.
function ticks(low, high, count) {
  const raw = (high - low) / count, unit = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(k => k * unit).find(s => s >= raw * 0.999);
  const lines = [];
  for (let v = Math.ceil(low / step - 1e-9) * step; v <= high + step * 1e-6; v += step) lines.push(+v.toPrecision(12));
  return lines;
}

function plane(box, title, xs, ys, xName, yName, yText) {
  const w = 520, h = 310, left = 64, right = 16, top = 30, bottom = 44;
  box.replaceChildren();
  const svg = shape(box, 'svg', { viewBox: `0 0 ${w} ${h}`, role: 'img', 'aria-label': title });
  const pad = ([low, high]) => low === high ? [low - (Math.abs(low) || 1) * 0.1, high + (Math.abs(high) || 1) * 0.1]
    : [low - (high - low) * 0.06, high + (high - low) * 0.06];
  const [x0, x1] = pad([Math.min(...xs), Math.max(...xs)]), [low, high] = pad([Math.min(...ys), Math.max(...ys)]);
  // Shares end at 100 %.
  const [y0, y1] = [Math.max(0, low), high > 1 ? 1.005 : high];
  const x = v => left + (v - x0) / (x1 - x0) * (w - left - right), y = v => h - bottom - (v - y0) / (y1 - y0) * (h - top - bottom);
  for (const v of ticks(y0, y1, 5)) {
    shape(svg, 'line', { class: 'axis', x1: left, x2: w - right, y1: y(v), y2: y(v) });
    shape(svg, 'text', { x: left - 6, y: y(v) + 4, 'text-anchor': 'end' }, yText(v));
  }
  for (const v of ticks(x0, x1, 6)) shape(svg, 'text', { x: x(v), y: h - bottom + 18, 'text-anchor': 'middle' }, `${v}`);
  shape(svg, 'text', { x: (left + w - right) / 2, y: h - 6, 'text-anchor': 'middle' }, xName);
  shape(svg, 'text', { x: 12, y: (top + h - bottom) / 2, 'text-anchor': 'middle', transform: `rotate(-90 12 ${(top + h - bottom) / 2})` }, yName);
  // The legend stands above the plot, where no line runs.
  let at = left;
  const legend = (kind, name) => {
    if (kind.startsWith('point')) shape(svg, 'circle', { class: kind, r: 5, cx: at + 6, cy: 12 });
    else shape(svg, 'line', { class: kind, x1: at, x2: at + 16, y1: 12, y2: 12 });
    shape(svg, 'text', { x: at + 22, y: 16 }, name);
    at += 42 + 6.6 * name.length;
  };
  return { svg, x, y, legend };
}

function nothing(box, text) {
  box.replaceChildren();
  const p = document.createElement('p');
  p.className = 'hint';
  p.textContent = text;
  box.append(p);
}

const percent = v => `${+(100 * v).toFixed(1)} %`;

function drawFront(box, trials, chosen, choose) {
  const done = trials.filter(t => t.metrics && t.cost !== null);
  if (done.length === 0) return nothing(box, 'Points come when the first trials are done.');
  const { svg, x, y, legend } = plane(box, 'Accuracy against cost', done.map(t => t.cost), done.map(t => t.metrics.microAccuracy),
    'MFLOPs', 'accuracy', percent);
  const front = done.filter(t => t.onFront).sort((a, b) => a.cost - b.cost);
  shape(svg, 'polyline', { class: 'frontLine', points: front.map(t => `${x(t.cost)},${y(t.metrics.microAccuracy)}`).join(' ') });
  for (const t of done) {
    const point = shape(svg, 'circle', {
      class: `point ${t.method.toLowerCase()}${t.number === chosen ? ' chosen' : ''}`, r: 6, cx: x(t.cost), cy: y(t.metrics.microAccuracy),
    });
    shape(point, 'title', {}, `${t.number}: ${t.what}\n${t.cost.toFixed(3)} MFLOPs, ${percent(t.metrics.microAccuracy)}`);
    point.addEventListener('click', () => choose(t.number));
  }
  legend('frontLine', 'front');
  if (done.some(t => t.method === 'Dmcp')) legend('point dmcp', 'DMCP');
  if (done.some(t => t.method === 'Uniform')) legend('point uniform', 'uniform widths');
}

function drawCurves(box, trial) {
  const training = trial.epochs.filter(e => e.phase === 'Retrain');
  const epochs = training.length > 0 ? training : trial.epochs.filter(e => e.phase === 'WarmUp' || e.phase === 'Train' || e.phase === 'Search');
  const lines = [['curve', epochs.filter(e => e.accuracy !== null).map(e => [e.epoch, e.accuracy]), 'training images'],
    ['curve validation', epochs.filter(e => e.validation !== null).map(e => [e.epoch, e.validation]), 'validation images']];
  const all = lines.flatMap(l => l[1]);
  if (all.length === 0) return nothing(box, 'No epoch is done yet.');
  const { svg, x, y, legend } = plane(box, 'Accuracy by epoch', all.map(p => p[0]), all.map(p => p[1]), 'epoch', 'accuracy', percent);
  lines.filter(l => l[1].length > 0).forEach(([kind, points, name]) => {
    shape(svg, 'polyline', { class: kind, points: points.map(p => `${x(p[0])},${y(p[1])}`).join(' ') });
    if (points.length === 1) shape(svg, 'circle', { class: 'point', r: 3, cx: x(points[0][0]), cy: y(points[0][1]) });
    legend(kind, name);
  });
}

function drawWidths(box, widths) {
  box.replaceChildren(...widths.map(w => {
    const row = document.createElement('div'), name = document.createElement('span'), bar = document.createElement('div'),
      fill = document.createElement('i'), text = document.createElement('b');
    row.className = 'width';
    name.textContent = name.title = w.name;
    fill.style.width = `${100 * w.width / w.channels}%`;
    text.textContent = `${w.width} of ${w.channels}`;
    bar.append(fill);
    row.append(name, bar, text);
    return row;
  }));
}
