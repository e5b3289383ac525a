'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const algorithms = data.algorithms;
  const hidden = new Set();
  let highlighted = null;  // a label, while the pointer is on it
  const {few, colours, markers: shapes, shade, axes, figures: figure_names} = data.styles;  // few: that can be told apart with shades
  const line_width = 2;

  const by_id = (id) => document.getElementById(id);
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const colour_of = (index) => css(`--c${index % colours}`);
  // Beyond the palette a colour comes again, with another shape and dash.
  const shape_of = (index) => shapes[(index + Math.floor(index / colours)) % shapes.length];
  const dashes = data.styles.dashes.map((dash) => dash.map((length) => length * line_width));
  const dash_of = (index) => dashes[index % dashes.length];
  const faint = (colour, alpha) => colour + Math.round(alpha * 255).toString(16).padStart(2, '0');

  const grouped = (number, digits) =>
      number.toLocaleString('en-US', {minimumFractionDigits: digits, maximumFractionDigits: digits});
  const seconds = (s) => `${grouped(s, Number.isInteger(s) || s >= 999.95 ? 0 : s < 9.995 ? 2 : 1)} s`;
  const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)} %`;
  // How a figure is written, and where it can lie. What was not finite is null.
  const figures = {
    accuracy: {text: (value, digits) => percent(value, digits), highest: 1},
    loss: {text: (value, digits = 3) => value === null ? '\u2013' : value.toFixed(digits), highest: Infinity},
  };
  const chosen = () => by_id('figure').value;
  const capitalised = (text) => text[0].toUpperCase() + text.slice(1);

  // A long label, in lines that break between its parts. Nothing is cut off: labels may differ at their ends alone.
  function lines_of(text, longest) {
    const lines = [''];
    for (const part of text.match(/[^ ,_/]*[ ,_/]?/g)) {
      const last = lines.length - 1;
      if (lines[last] && (lines[last] + part).trimEnd().length > longest) lines.push(part);
      else lines[last] += part;
    }
    return lines;
  }

  function element(tag, style, text) {
    const made = document.createElement(tag);
    if (style) made.className = style;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // A piece of the algorithm's line with its marker.
  function draw_swatch(place) {
    const index = Number(place.dataset.colour);
    const [width, height] = [26, 14];
    const scale = window.devicePixelRatio || 1;
    const canvas = element('canvas');
    canvas.width = width * scale;
    canvas.height = height * scale;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext('2d');
    context.scale(scale, scale);
    context.strokeStyle = context.fillStyle = colour_of(index);
    context.lineWidth = line_width;
    context.setLineDash(dash_of(Number(place.dataset.dash)));
    context.beginPath();
    context.moveTo(0, height / 2);
    context.lineTo(width, height / 2);
    context.stroke();
    context.setLineDash([]);
    Chart.helpers.drawPoint(context, {pointStyle: shape_of(index), radius: 4.5, rotation: 0, borderWidth: 2},
                            width / 2, height / 2);
    place.replaceChildren(canvas);
  }

  function swatch(algorithm) {
    const place = element('span', 'swatch');
    place.dataset.colour = algorithm.colour;
    place.dataset.dash = algorithm.dash;
    return place;
  }

  // ---- figures for paper ----

  // What is in the page by name, as text: JSON, compressed, in base64.
  async function files_in_page() {
    const bytes = Uint8Array.from(atob(data.files), (c) => c.charCodeAt(0));
    return JSON.parse(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'))).text());
  }

  // A figure with a logarithmic axis is there only where that shows more than the linear one.
  async function save(name) {
    const files = await files_in_page();
    if (!(name in files)) name = name.replace('-log.', '.');
    const link = document.createElement('a');
    const type = name.endsWith('.svg') ? 'image/svg+xml' : 'text/csv';
    link.href = URL.createObjectURL(new Blob([files[name]], {type}));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  // Buttons that save the chart's figure and the numbers behind it.
  function offer(place, names) {
    if (!data.files || typeof DecompressionStream === 'undefined') return;
    by_id(place).replaceChildren(...names.map((name) => {
      const button = element('button', '', name.split('.').pop().toUpperCase());
      button.type = 'button';
      button.title = `save ${name}`;
      button.addEventListener('click', () => save(name));
      return button;
    }));
  }

  // ---- accuracy or loss over time and over bytes ----

  const shows_target = () => data.target !== null && data.target.figure === chosen();

  // What it is stands beside the chart, where it hides no curve.
  const target_line = {
    id: 'target_line',
    afterDatasetsDraw(chart) {
      if (!shows_target()) return;
      const {ctx, chartArea: area, scales} = chart;
      const y = scales.y.getPixelForValue(data.target.value);
      if (y < area.top || y > area.bottom) return;
      ctx.save();
      ctx.strokeStyle = ctx.fillStyle = css('--text');
      ctx.setLineDash([6, 4]);
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.moveTo(area.left, y);
      ctx.lineTo(area.right, y);
      ctx.stroke();
      ctx.font = `12px ${Chart.defaults.font.family}`;
      ctx.textBaseline = 'middle';
      const {figure, value} = data.target;
      const goal = figure === 'loss' ? value : percent(value, Number.isInteger(Math.round(value * 1e6) / 1e4) ? 0 : 1);
      ctx.fillText('target', area.right + 6, y - 7);
      ctx.fillText(goal, area.right + 6, y + 7);
      ctx.restore();
    },
  };

  function size_unit(most) {
    const units = [['PB', 1e15], ['TB', 1e12], ['GB', 1e9], ['MB', 1e6], ['kB', 1e3]];
    return units.find(([, scale]) => most >= scale) || ['B', 1];
  }

  // Lower and upper edge of the shade, then the mean, then the averaged model. A logarithmic axis begins at `least`.
  function datasets_of(algorithm, place, {along, scale, least}) {
    const {curve, colour, dash, label} = algorithm;
    const figure = curve[chosen()];
    const edge_of = (i, way) =>
        figure.mean[i] === null ? null : Math.min(figures[chosen()].highest, Math.max(0, figure.mean[i] + way * figure.std[i]));
    const behind = highlighted !== null && highlighted !== label;
    const line = behind ? faint(colour_of(colour), 0.15) : colour_of(colour);
    const shaded = highlighted === label || (highlighted === null && by_id('shades').checked);
    const points = (value) => curve[along].map((x, i) => x < least ? {x: least / scale, y: NaN} : {x: x / scale, y: value(i)});
    const every = Math.max(1, Math.ceil(curve.time.length / 8));
    const marked = curve.time.map((_, i) => (i + place) % every === 0 ? 4 : 0);
    const plain = {borderWidth: 0, pointRadius: 0, pointHoverRadius: 0, pointHitRadius: 0, borderColor: line,
                   hidden: hidden.has(label) && highlighted !== label};
    const edge = {...plain, hidden: plain.hidden || !shaded, order: 2};
    return [
      {...edge, data: points((i) => edge_of(i, -1))},
      {...edge, data: points((i) => edge_of(i, 1)), fill: '-1',
       backgroundColor: faint(colour_of(colour), shade)},
      {...plain, data: points((i) => figure.mean[i]), order: behind ? 1 : 0, label, algorithm, borderWidth: line_width,
       borderDash: dash_of(dash), pointRadius: behind ? 0 : marked, pointBorderWidth: 2, pointStyle: shape_of(colour),
       backgroundColor: line, pointHoverRadius: 5},
      {...plain, data: points((i) => figure.averaged[i]), order: 1, borderWidth: 1,
       hidden: plain.hidden || !by_id('averaged').checked},
    ];
  }

  function axis(title, ticks = {}) {
    return {type: 'linear', grid: {color: css('--line'), borderColor: css('--link')},
            ticks: {color: css('--soft'), maxRotation: 0, includeBounds: false, ...ticks}, title: {display: true, text: title, color: css('--soft')}};
  }

  function curve_label(item) {
    const {curve, label} = item.dataset.algorithm;
    const i = item.dataIndex;
    const figure = curve[chosen()];
    const {text} = figures[chosen()];
    const mean = `${text(figure.mean[i])} \u00b1 ${text(figure.std[i])}`;
    const values = item.chart.width < 420 ? mean : `${mean}  (${text(figure.min[i])} to ${text(figure.max[i])})`;
    const lines = lines_of(label, item.chart.width < 420 ? 24 : 40);
    return lines.length > 1 ? [...lines, values] : `${label}: ${values}`;
  }

  // Of 1, 2, 5, 10, 20, 50 ... alone there is room for numbers on a logarithmic axis.
  const round_number = (x) => ['1', '2', '5'].includes(x.toExponential(3).replace('.000', '').split('e')[0]);
  const log_ticks = {callback: (x) => round_number(x) ? x.toLocaleString('en-US') : null};

  function curve_chart(canvas, course, unit, title) {
    const {along, scale, least} = course;
    const drawn = algorithms.filter((a) => a.curve.time.length > 0);
    const most = Math.max(...drawn.map((a) => a.curve[along][a.curve.time.length - 1])) / scale;
    const x_axis = least > 0 ? {...axis(title, log_ticks), type: 'logarithmic', min: least / scale} : {...axis(title), min: 0};
    return new Chart(canvas, {
      type: 'line',
      data: {datasets: drawn.flatMap((a, place) => datasets_of(a, place, course))},
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, parsing: false, normalized: true,
        layout: {padding: {right: shows_target() ? 46 : 0}},
        interaction: {mode: 'nearest', axis: 'x', intersect: false},
        scales: {
          x: {...x_axis, max: most > 0 ? most : 1},
          y: {...axis(figure_names[chosen()], chosen() === 'accuracy' ? {callback: (y) => percent(y, 0)} : {}), suggestedMin: 0,
              suggestedMax: shows_target() ? data.target.value : 0},
        },
        plugins: {
          legend: {display: false},
          tooltip: {filter: (item) => item.dataset.algorithm !== undefined, usePointStyle: true,
                    callbacks: {title: (items) => items.length ? `${grouped(items[0].parsed.x, 1)} ${unit}` : '', label: curve_label}},
        },
      },
      plugins: [target_line],
    });
  }

  // The thrifty algorithms would all be at the left end of a linear axis: where to begin a logarithmic one, or 0.
  function least_bytes() {
    const sent = algorithms.map((a) => a.curve.bytes.filter((bytes) => bytes > 0)).filter((bytes) => bytes.length > 0);
    const ends = sent.map((bytes) => bytes[bytes.length - 1]);
    return Math.max(...ends) > 5 * Math.min(...ends) ? Math.min(...sent.map((bytes) => bytes[0])) : 0;
  }

  function curve_charts() {
    if (!algorithms.some((a) => a.curve.time.length > 0)) return [];
    by_id('curves').hidden = false;
    document.querySelectorAll('.figure-name').forEach((place) => {
      place.textContent = chosen() === 'loss' ? 'Loss' : 'Accuracy';
    });
    const charts = [curve_chart(by_id('over-time'), {along: 'time', scale: 1, least: 0}, 's', `${data.time} (s)`)];
    offer('over-time-files', [`${chosen()}-over-time.svg`, `${chosen()}.csv`]);
    const most = Math.max(0, ...algorithms.map((a) => a.curve.bytes[a.curve.bytes.length - 1] || 0));
    by_id('bytes-figure').hidden = most === 0;
    if (most > 0) {
      const [unit, scale] = size_unit(most);
      const least = least_bytes();
      by_id('bytes-scale').textContent = least > 0 ? '; logarithmic' : '';
      offer('over-bytes-files', [`${chosen()}-over-bytes${least > 0 ? '-log' : ''}.svg`, `${chosen()}.csv`]);
      charts.push(curve_chart(by_id('over-bytes'), {along: 'bytes', scale, least}, unit, `${axes.bytes} (${unit})`));
    }
    return charts;
  }

  // A click shows or hides a curve, two show it alone, and where the pointer is the others step back.
  function legend_button(algorithm, redraw) {
    const button = element('button');
    button.type = 'button';
    button.title = 'click: show or hide; double click: this one alone';
    button.append(swatch(algorithm), algorithm.label);
    const highlight = (label) => () => {
      highlighted = label;
      redraw();
    };
    button.addEventListener('click', () => {
      if (!hidden.delete(algorithm.label)) hidden.add(algorithm.label);
      highlight(null)();
    });
    button.addEventListener('dblclick', () => {
      algorithms.forEach((other) => hidden.add(other.label));
      hidden.delete(algorithm.label);
      redraw();
    });
    button.addEventListener('pointerenter', highlight(algorithm.label));
    button.addEventListener('pointerleave', highlight(null));
    return button;
  }

  function legend(redraw_curves) {
    const drawn = algorithms.filter((a) => a.curve.time.length > 0);
    const redraw = () => {
      redraw_curves();
      drawn.forEach((a, place) => by_id('legend').children[place].setAttribute('aria-pressed', String(!hidden.has(a.label))));
    };
    by_id('legend').append(...drawn.map((algorithm) => legend_button(algorithm, redraw)));
    by_id('many').hidden = drawn.length <= few;
    by_id('many').closest('.legend').classList.toggle('many', drawn.length > few);
    by_id('shades').checked = drawn.length <= few;
    by_id('all').addEventListener('click', () => {
      hidden.clear();
      redraw();
    });
    by_id('none').addEventListener('click', () => {
      drawn.forEach((a) => hidden.add(a.label));
      redraw();
    });
    for (const choice of ['figure', 'shades', 'averaged']) by_id(choice).addEventListener('change', redraw);
  }

  // ---- time to the target ----

  // The time beside each bar, the range over seeds on it; in place of a bar, why there is none.
  const bar_labels = {
    id: 'bar_labels',
    afterDatasetsDraw(chart) {
      const {ctx, scales} = chart;
      ctx.save();
      ctx.textBaseline = 'middle';
      ctx.font = `13px ${Chart.defaults.font.family}`;
      chart.getDatasetMeta(0).data.forEach((bar, i) => {
        const {time_to_target: time} = algorithms[i];
        ctx.fillStyle = css(time.bar === null ? '--soft' : '--text');
        if (time.bar === null) return ctx.fillText(time.text, chart.chartArea.left + 8, bar.y);
        const right = scales.x.getPixelForValue(time.max);
        if (time.max > time.min) {
          const left = scales.x.getPixelForValue(time.min);
          ctx.fillRect(left, bar.y - 0.75, right - left, 1.5);
          [left, right].forEach((x) => ctx.fillRect(x - 0.75, bar.y - 5, 1.5, 10));
        }
        ctx.fillText(time.text, Math.max(bar.x, right) + 7, bar.y);
      });
      ctx.restore();
    },
  };

  // Of a bar that is no more than a bound.
  function hatched(colour) {
    const size = 8;
    const tile = element('canvas');
    tile.width = tile.height = size;
    const context = tile.getContext('2d');
    context.fillStyle = faint(colour, 0.15);
    context.fillRect(0, 0, size, size);
    context.strokeStyle = colour;
    context.lineWidth = 1.5;
    context.beginPath();
    for (const shift of [-size, 0, size]) {
      context.moveTo(shift - 1, size + 1);
      context.lineTo(shift + size + 1, -1);
    }
    context.stroke();
    return context.createPattern(tile, 'repeat');
  }

  function time_chart() {
    if (data.target === null || !algorithms.some((a) => a.time_to_target.bar !== null)) return [];
    by_id('times').hidden = false;
    offer('time-files', ['time-to-target.svg', 'time-to-target.csv']);
    const several = algorithms.some((a) => a.seeds > 1);
    const bounds = algorithms.some((a) => a.time_to_target.is_bound);
    by_id('times-caption').textContent = `${capitalised(data.time)} until the mean ${data.target.figure} over nodes reaches the target, ` +
        `linear between evaluations${several ? '; mean over seeds, the whisker spans them' : ''}. ` +
        `${bounds ? 'Hatched: reached before the bar ends, more is not known. ' : ''}Shorter is better.`;
    const box = by_id('time-bars').parentElement;
    const names = algorithms.map((a) => lines_of(a.label, box.clientWidth < 600 ? 18 : 40));
    const lines = Math.max(...names.map((name) => name.length));
    box.style.height = `${algorithms.length * Math.max(algorithms.length > few ? 26 : 38, 16 * lines + 8) + 60}px`;
    // With the whiskers on it.
    const longest = Math.max(...algorithms.map((a) => a.time_to_target.max || 0));
    const colours_now = algorithms.map((a) => a.time_to_target.is_bound ? hatched(colour_of(a.colour)) : colour_of(a.colour));
    return [new Chart(by_id('time-bars'), {
      type: 'bar',
      data: {
        labels: names,
        datasets: [{data: algorithms.map((a) => a.time_to_target.bar), backgroundColor: colours_now,
                    borderColor: algorithms.map((a) => colour_of(a.colour)), borderWidth: algorithms.map((a) => a.time_to_target.is_bound ? 1 : 0),
                    barPercentage: 0.7, categoryPercentage: 0.95}],
      },
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, indexAxis: 'y', events: [],
        layout: {padding: {right: 70}},
        scales: {
          x: {...axis(`${data.time} (s)`), beginAtZero: true, suggestedMax: longest},
          y: {type: 'category', grid: {display: false}, ticks: {color: css('--text'), autoSkip: false, font: {size: 13}}},
        },
        plugins: {legend: {display: false}, tooltip: {enabled: false}},
      },
      plugins: [bar_labels],
    })];
  }

  // ---- how far a straggler's delay spreads ----

  function delay_row(row) {
    const line = element('div', 'delay');
    const strip = element('span', 'strip');
    for (const share of row.waiting) {
      const slot = element('i');
      slot.style.opacity = share;
      strip.append(slot);
    }
    const longer = row.own > 0 ? Math.round(100 * row.held_up / row.own) : 0;
    line.append(element('span', '', row.label), strip, element('span', '', grouped(row.rounds, 1)),
                element('span', '', longer > 0 ? `+${longer} %` : '\u2013'));
    line.title = `${row.label}, ${row.nodes} node${row.nodes === 1 ? '' : 's'}: ${row.rounds} rounds; a round takes ` +
        `${seconds(row.own)} by itself, held up for ${seconds(row.held_up)} more`;
    return line;
  }

  function delay_block(algorithm) {
    const block = element('div');
    block.style.setProperty('--colour', `var(--c${algorithm.colour % colours})`);
    const title = element('h3');
    title.append(swatch(algorithm), algorithm.label);
    const head = element('div', 'delay head');
    for (const text of ['', 'waiting over time', 'rounds', 'held up']) head.append(element('span', '', text));
    block.append(title, head, ...algorithm.delay.rows.map(delay_row));
    if (algorithm.delay.distance) block.append(element('p', 'caption', algorithm.delay.distance));
    return block;
  }

  function delays() {
    const shown = algorithms.filter((a) => a.delay !== null);
    by_id('delays').hidden = shown.length === 0;
    by_id('delay-blocks').append(...shown.map(delay_block));
  }

  // ---- what the nodes did ----

  function bar(parts, thin) {
    const made = element('span', thin ? 'bar thin' : 'bar');
    for (const [style, share] of parts) {
      const part = element('span', style);
      part.style.width = percent(share, 2).replace(' ', '');
      made.append(part);
    }
    return made;
  }

  function band_row(band) {
    const row = element('div', 'band');
    const busy = (share) => share === null ? element('span') : bar([['link', share]], true);
    row.append(element('span', '', band.nodes), bar([['training', band.training], ['waiting', band.waiting], ['away', band.away]], false),
               busy(band.uplink), busy(band.downlink),
               element('span', '', band.accuracy === null ? '' : percent(band.accuracy)));
    const facts = [`${band.nodes}: ${band.rounds} rounds`, `training ${percent(band.training)}`, `waiting ${percent(band.waiting)}`];
    if (band.away > 0) facts.push(`away ${percent(band.away)}`);
    if (band.uplink !== null) facts.push(`uplink busy ${percent(band.uplink)}`);
    if (band.downlink !== null) facts.push(`downlink busy ${percent(band.downlink)}`);
    if (band.dropped !== null) facts.push(`dropped ${percent(band.dropped)} of its messages`);
    row.title = facts.join(', ');
    return row;
  }

  function band_block(algorithm, place) {
    const block = element('details');
    block.open = place < few;
    block.style.setProperty('--colour', `var(--c${algorithm.colour % colours})`);
    const title = element('summary');
    title.append(swatch(algorithm), algorithm.label, element('small', '', `seed ${algorithm.bands_seed}`));
    const head = element('div', 'band-head');
    const has_accuracy = algorithm.bands.some((band) => band.accuracy !== null);
    for (const text of ['', 'time', 'up', 'down', has_accuracy ? 'accuracy' : '']) head.append(element('span', '', text));
    block.append(title, head);
    const kinds = new Set(algorithm.bands.map((band) => band.kind));
    let kind = null;
    for (const band of algorithm.bands) {
      if (band.kind !== kind && (kinds.size > 1 || band.kind)) {
        block.append(element('div', band.kind ? 'group straggler' : 'group', band.kind ? `stragglers: ${band.kind}` : 'other nodes'));
      }
      kind = band.kind;
      block.append(band_row(band));
    }
    return block;
  }

  function bands() {
    const shown = algorithms.filter((a) => a.bands.length > 0);
    by_id('nodes').hidden = shown.length === 0;
    by_id('away-key').hidden = !shown.some((a) => a.bands.some((band) => band.away > 0));
    by_id('bands').append(...shown.map(band_block));
  }

  // ---- all of it ----

  let charts = [];
  let curves = [];
  function draw_curves() {
    curves.forEach((chart) => chart.destroy());
    curves = curve_charts();
  }
  function draw() {
    charts.forEach((chart) => chart.destroy());
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    draw_curves();
    charts = time_chart();
    document.querySelectorAll('.swatch').forEach(draw_swatch);
  }
  if (data.target !== null) by_id('figure').value = data.target.figure;
  legend(draw_curves);
  delays();
  bands();
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
})();
