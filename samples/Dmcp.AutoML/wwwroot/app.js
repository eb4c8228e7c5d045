// The page: a form for a new experiment, and the view of one that is followed by server-sent events.
'use strict';

const $ = id => document.getElementById(id);
const page = { id: null, upload: null, events: null, state: null, chosen: null, compared: [] };

async function ask(url, options) {
  const answer = await fetch(url, options);
  if (!answer.ok) throw new Error(await answer.text() || `The server answers with ${answer.status}.`);
  const text = await answer.text();
  return text ? JSON.parse(text) : null;
}

async function listExperiments() {
  const all = await ask('api/experiments');
  $('experiments').replaceChildren(...all.map(e => new Option(`${e.name}${e.isRunning ? ' (running)' : ''}`, e.id, false, e.id === page.id)));
  document.querySelector('nav').classList.toggle('empty', all.length === 0);
  return all;
}

function showForm() {
  page.events?.close();
  page.id = null;
  $('form').hidden = false;
  $('view').hidden = true;
}

function follow(id) {
  page.events?.close();
  Object.assign(page, { id, state: null, chosen: null, compared: [] });
  $('log').textContent = '';
  $('form').hidden = true;
  $('view').hidden = false;
  $('detail').hidden = $('comparison').hidden = true;
  $('report').href = `api/experiments/${id}/report.html`;
  page.events = new EventSource(`api/experiments/${id}/events`);
  page.events.addEventListener('open', () => { $('log').textContent = ''; });
  page.events.addEventListener('state', e => show(JSON.parse(e.data)));
  page.events.addEventListener('log', e => {
    const log = $('log'), atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
    log.append(JSON.parse(e.data).join('\n') + '\n');
    if (atEnd) log.scrollTop = log.scrollHeight;
  });
}

const time = s => s >= 3600 ? `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min` : s >= 60 ? `${Math.floor(s / 60)} min ${Math.floor(s % 60)} s` : `${Math.floor(s)} s`;
const fixed = (v, digits) => v === null || v === undefined ? '' : v.toFixed(digits);

function show(state) {
  if (page.state?.status !== state.status) listExperiments();
  page.state = state;
  $('title').textContent = state.name;
  $('status').textContent = state.status;
  $('left').textContent = state.secondsLeft === null ? '' : `${time(state.secondsLeft)} left`;
  $('message').textContent = state.message ?? '';
  const running = state.status === 'running' || state.status === 'stopping';
  $('cancel').hidden = !running;
  $('cancel').disabled = state.status === 'stopping';
  $('resume').hidden = running;
  const trials = state.trials.filter(t => t.budget !== null);
  drawFront($('front'), trials, page.chosen, choose);
  showTable(state.trials);
  const shown = state.trials.find(t => t.number === page.chosen) ?? state.trials.find(t => t.state === 'Running') ?? state.trials.at(-1);
  $('curvesTitle').textContent = shown ? `Curves of trial ${shown.number}` : 'Curves';
  if (shown) drawCurves($('curves'), shown); else nothing($('curves'), 'The images are being read.');
  if (page.chosen !== null) showDetail(state.trials.find(t => t.number === page.chosen));
  showComparison();
}

function showTable(trials) {
  const focused = document.activeElement?.dataset?.key;
  const rows = trials.map(t => {
    const row = document.createElement('tr');
    row.className = `${t.onFront ? 'front ' : ''}${t.isBest ? 'best ' : ''}${t.number === page.chosen ? 'chosen' : ''}`;
    row.tabIndex = 0;
    row.dataset.key = `row${t.number}`;
    const cell = (text, kind) => { const td = row.insertCell(); td.textContent = text; if (kind) td.className = kind; return td; };
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.dataset.key = `box${t.number}`;
    box.setAttribute('aria-label', `compare trial ${t.number}`);
    box.checked = page.compared.includes(t.number);
    box.disabled = t.widths.length === 0;
    box.addEventListener('click', e => e.stopPropagation());
    box.addEventListener('change', () => compare(t.number, box.checked));
    cell('').append(box);
    cell(t.number, 'n');
    cell(t.what, 'what');
    cell(fixed(t.cost, 2), 'n');
    cell(t.metrics ? percent(t.metrics.microAccuracy) : '', 'n');
    cell(t.seconds > 0 ? time(t.seconds) : '', 'n');
    const state = cell(t.progress ?? t.state.toLowerCase(), 'state');
    if (t.reason) {
      const reason = document.createElement('span');
      reason.className = 'reason';
      reason.textContent = t.reason;
      state.append(reason);
    }
    row.addEventListener('click', () => choose(t.number));
    row.addEventListener('keydown', e => { if (e.key === 'Enter') choose(t.number); });
    return row;
  });
  $('trialsTable').tBodies[0].replaceChildren(...rows);
  if (focused) document.querySelector(`[data-key="${focused}"]`)?.focus();
}

function choose(number) {
  if (page.chosen !== number) $('prediction').replaceChildren();
  page.chosen = number;
  show(page.state);
}

function showDetail(trial) {
  $('detail').hidden = !trial;
  if (!trial) return;
  $('detailTitle').textContent = `Trial ${trial.number}: ${trial.what}`;
  const share = trial.fullCost ? ` (${(100 * trial.cost / trial.fullCost).toFixed(1)} % of ${trial.fullCost.toFixed(2)})` : '';
  const parts = [];
  if (trial.metrics) parts.push(`accuracy ${percent(trial.metrics.microAccuracy)}, mean over classes ${percent(trial.metrics.macroAccuracy)}, log loss ${trial.metrics.logLoss.toFixed(3)}`);
  if (trial.cost !== null) parts.push(`${trial.cost.toFixed(3)} MFLOPs${share}`);
  if (trial.parameters) parts.push(`${(trial.parameters / 1e6).toFixed(4)} M parameters`);
  $('detailText').textContent = `${trial.state.toLowerCase()}${parts.length ? ': ' : ''}${parts.join('; ')}`;
  const done = trial.state === 'Completed' && trial.metrics !== null, key = `${trial.number}${done}`;
  $('tryLabel').hidden = !done;
  if ($('downloads').dataset.key !== key) {
    $('downloads').dataset.key = key;
    $('downloads').replaceChildren(...(done ? ['model.zip', 'model.onnx', 'config.json'] : []).map(file => {
      const link = document.createElement('a');
      link.className = 'button quiet';
      link.textContent = file;
      link.href = `api/experiments/${page.id}/trials/${trial.number}/${file}`;
      link.setAttribute('download', '');
      return link;
    }));
  }
  drawWidths($('widths'), trial.widths);
}

function compare(number, wanted) {
  page.compared = page.compared.filter(n => n !== number);
  if (wanted) page.compared = [...page.compared, number].slice(-2);
  show(page.state);
}

function showComparison() {
  const [a, b] = page.compared.map(n => page.state.trials.find(t => t.number === n));
  $('comparison').hidden = !a || !b;
  if (!a || !b) return;
  const table = document.createElement('table');
  const add = (name, ...values) => {
    const row = table.insertRow();
    row.insertCell().textContent = name;
    for (const v of values) { const td = row.insertCell(); td.textContent = v; td.className = 'n'; }
  };
  add('', `trial ${a.number}`, `trial ${b.number}`);
  add('method', a.method, b.method);
  add('accuracy', ...[a, b].map(t => t.metrics ? percent(t.metrics.microAccuracy) : t.state.toLowerCase()));
  add('MFLOPs', fixed(a.cost, 3), fixed(b.cost, 3));
  add('M parameters', ...[a, b].map(t => fixed(t.parameters / 1e6, 4)));
  for (const w of a.widths) {
    const other = b.widths.find(o => o.name === w.name);
    add(`width of ${w.name}`, w.width, other ? other.width : '');
  }
  $('comparisonBody').replaceChildren(table);
}

$('zip').addEventListener('change', async () => {
  const file = $('zip').files[0];
  page.upload = null;
  if (!file) return;
  $('upload').textContent = `Sending ${file.name} ...`;
  $('upload').className = 'hint';
  try {
    const upload = await ask('api/uploads', { method: 'POST', body: file });
    page.upload = upload.id;
    const classes = Object.entries(upload.classes), count = classes.reduce((sum, c) => sum + c[1], 0);
    $('upload').textContent = `${count} images of ${classes.length} classes: ${classes.slice(0, 12).map(c => `${c[0]} (${c[1]})`).join(', ')}` +
      `${classes.length > 12 ? ' ...' : ''}${upload.leftOut === 0 ? '' : upload.leftOut === 1 ? '; one file was left out, which is no image'
        : `; ${upload.leftOut} files were left out, which are no images`}.`;
  } catch (e) {
    $('upload').textContent = e.message;
    $('upload').className = 'problem';
  }
});

$('form').addEventListener('submit', async e => {
  e.preventDefault();
  $('problem').textContent = '';
  const number = id => $(id).value === '' ? null : Number($(id).value);
  try {
    const { id } = await ask('api/experiments', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        name: $('name').value, upload: $('folder').value ? null : page.upload, folder: $('folder').value || null,
        network: $('network').value, imageSize: number('imageSize'), smallestBudget: number('smallest') / 100,
        largestBudget: number('largest') / 100, minutes: number('minutes'), trials: number('trials'), sharedEpochs: number('sharedEpochs'),
        searchEpochs: number('searchEpochs'), trainingEpochs: number('trainingEpochs'), batchSize: number('batchSize'), mirror: $('mirror').checked,
      }),
    });
    follow(id);
    await listExperiments();
  } catch (error) {
    $('problem').textContent = error.message;
  }
});

$('picture').addEventListener('change', async () => {
  const file = $('picture').files[0];
  if (!file) return;
  try {
    const classes = await ask(`api/experiments/${page.id}/trials/${page.chosen}/predict`, { method: 'POST', body: file });
    drawWidths($('prediction'), classes.map(c => ({ name: c.class, width: 100 * c.probability, channels: 100 })));
    $('prediction').querySelectorAll('b').forEach((b, i) => { b.textContent = percent(classes[i].probability); });
  } catch (e) {
    nothing($('prediction'), e.message);
  }
  $('picture').value = '';
});

const order = action => ask(`api/experiments/${page.id}/${action}`, { method: 'POST' }).catch(e => { $('message').textContent = e.message; });
$('cancel').addEventListener('click', () => order('cancel'));
$('resume').addEventListener('click', () => order('resume'));
$('new').addEventListener('click', showForm);
$('experiments').addEventListener('change', () => follow($('experiments').value));

listExperiments().then(all => all.length > 0 ? follow(all[0].id) : showForm());
