'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const algorithms = data.algorithms;
  const hidden = new Set();
  const colours = 8;
  const shapes = ['circle', 'triangle', 'rect', 'rectRot', 'crossRot', 'star', 'cross', 'rectRounded'];

  const by_id = (id) => document.getElementById(id);
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const colour_of = (index) => css(`--c${index % colours}`);
  // Beyond the palette a colour comes again, with another shape.
  const shape_of = (index) => shapes[(index + Math.floor(index / colours)) % shapes.length];
  const faint = (colour, alpha) => colour + Math.round(alpha * 255).toString(16).padStart(2, '0');

  const grouped = (number, digits) =>
      number.toLocaleString('en-US', {minimumFractionDigits: digits, maximumFractionDigits: digits});
  const seconds = (s) => `${grouped(s, Number.isInteger(s) || s >= 999.95 ? 0 : s < 9.995 ? 2 : 1)} s`;
  const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)} %`;
  const short = (text, most) => text.length > most ? `${text.slice(0, most - 1)}\u2026` : text;

  function element(tag, style, text) {
    const made = document.createElement(tag);
    if (style) made.className = style;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // A piece of the algorithm's line with its marker.
  function draw_swatch(place, index) {
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
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(0, height / 2);
    context.lineTo(width, height / 2);
    context.stroke();
    Chart.helpers.drawPoint(context, {pointStyle: shape_of(index), radius: 4.5, rotation: 0, borderWidth: 2},
                            width / 2, height / 2);
    place.replaceChildren(canvas);
  }

  function swatch(index) {
    const place = element('span', 'swatch');
    place.dataset.colour = index;
    return place;
  }

  // ---- accuracy over time and over bytes ----

  const target_line = {
    id: 'target_line',
    afterDatasetsDraw(chart) {
      if (data.target === null) return;
      const {ctx, chartArea: area, scales} = chart;
      const y = scales.y.getPixelForValue(data.target);
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
      ctx.textBaseline = 'bottom';
      ctx.fillText(`target ${percent(data.target, Number.isInteger(Math.round(data.target * 1e6) / 1e4) ? 0 : 1)}`,
                   area.left + 4, y - 3);
      ctx.restore();
    },
  };

  function size_unit(most) {
    const units = [['PB', 1e15], ['TB', 1e12], ['GB', 1e9], ['MB', 1e6], ['kB', 1e3]];
    return units.find(([, scale]) => most >= scale) || ['B', 1];
  }

  // Lower and upper edge of the shade, then the mean, then the averaged model.
  function datasets_of(algorithm, place, along, scale) {
    const {curve, colour} = algorithm;
    const line = colour_of(colour);
    const points = (value) => curve[along].map((x, i) => ({x: x / scale, y: value(i)}));
    const every = Math.max(1, Math.ceil(curve.time.length / 8));
    const marked = curve.time.map((_, i) => (i + place) % every === 0 ? 4 : 0);
    const plain = {borderWidth: 0, pointRadius: 0, pointHoverRadius: 0, pointHitRadius: 0, borderColor: line, hidden: hidden.has(algorithm.label)};
    return [
      {...plain, data: points((i) => Math.max(0, curve.mean[i] - curve.std[i])), order: 2},
      {...plain, data: points((i) => Math.min(1, curve.mean[i] + curve.std[i])), order: 2, fill: '-1',
       backgroundColor: faint(line, 0.13)},
      {...plain, data: points((i) => curve.mean[i]), order: 0, label: algorithm.label, algorithm, borderWidth: 2,
       pointRadius: marked, pointBorderWidth: 2, pointStyle: shape_of(colour), backgroundColor: line, pointHoverRadius: 5},
      {...plain, data: points((i) => curve.averaged[i]), order: 1, borderWidth: 1.5, borderDash: [5, 4],
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
    const mean = `${percent(curve.mean[i])} \u00b1 ${percent(curve.std[i])}`;
    if (item.chart.width < 420) return `${short(label, 18)}: ${mean}`;
    return `${short(label, 30)}: ${mean}  (${percent(curve.min[i])} to ${percent(curve.max[i])})`;
  }

  function curve_chart(canvas, along, unit, scale, title) {
    const drawn = algorithms.filter((a) => a.curve.time.length > 0);
    const most = Math.max(...drawn.map((a) => a.curve[along][a.curve.time.length - 1])) / scale;
    return new Chart(canvas, {
      type: 'line',
      data: {datasets: drawn.flatMap((a, place) => datasets_of(a, place, along, scale))},
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, parsing: false, normalized: true,
        interaction: {mode: 'nearest', axis: 'x', intersect: false},
        scales: {
          x: {...axis(title), min: 0, max: most > 0 ? most : 1},
          y: {...axis('test accuracy', {callback: (y) => percent(y, 0)}), suggestedMin: 0, suggestedMax: data.target || 0},
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

  function curve_charts() {
    const last = (along) => Math.max(0, ...algorithms.map((a) => a.curve[along][a.curve[along].length - 1] || 0));
    if (!algorithms.some((a) => a.curve.time.length > 0)) return [];
    by_id('curves').hidden = false;
    const charts = [curve_chart(by_id('over-time'), 'time', 's', 1, 'virtual time (s)')];
    by_id('bytes-figure').hidden = last('bytes') === 0;
    if (last('bytes') > 0) {
      const [unit, scale] = size_unit(last('bytes'));
      charts.push(curve_chart(by_id('over-bytes'), 'bytes', unit, scale, `sent by all nodes (${unit})`));
    }
    return charts;
  }

  function legend(redraw) {
    algorithms.filter((a) => a.curve.time.length > 0).forEach((algorithm) => {
      const button = element('button');
      button.type = 'button';
      button.title = 'show or hide';
      button.setAttribute('aria-pressed', 'true');
      button.append(swatch(algorithm.colour), algorithm.label);
      button.addEventListener('click', () => {
        const shown = hidden.delete(algorithm.label);
        if (!shown) hidden.add(algorithm.label);
        button.setAttribute('aria-pressed', String(shown));
        redraw();
      });
      by_id('legend').append(button);
    });
    by_id('averaged').addEventListener('change', redraw);
  }

  // ---- time to accuracy ----

  // The time beside each bar, the range over seeds on it; inside a pale one, that it was not reached.
  const bar_labels = {
    id: 'bar_labels',
    afterDatasetsDraw(chart) {
      const {ctx, scales} = chart;
      ctx.save();
      ctx.textBaseline = 'middle';
      ctx.font = `13px ${Chart.defaults.font.family}`;
      chart.getDatasetMeta(0).data.forEach((bar, i) => {
        const {time_to_target: time, duration} = algorithms[i];
        ctx.fillStyle = ctx.strokeStyle = css(time ? '--text' : '--soft');
        if (!time) return ctx.fillText(`not reached in ${seconds(duration)}`, bar.base + 8, bar.y);
        const right = scales.x.getPixelForValue(time.max);
        if (time.max > time.min) {
          const left = scales.x.getPixelForValue(time.min);
          ctx.fillRect(left, bar.y - 0.75, right - left, 1.5);
          [left, right].forEach((x) => ctx.fillRect(x - 0.75, bar.y - 5, 1.5, 10));
        }
        ctx.fillText(seconds(time.mean), Math.max(bar.x, right) + 7, bar.y);
      });
      ctx.restore();
    },
  };

  function time_chart() {
    if (data.target === null || !algorithms.some((a) => a.time_to_target)) return [];
    by_id('times').hidden = false;
    const several = algorithms.some((a) => a.seeds > 1);
    by_id('times-caption').textContent = 'Virtual time until the mean accuracy over nodes reaches the target, linear between ' +
        `evaluations${several ? '; mean over seeds, the whisker spans them' : ''}. Shorter is better.`;
    const box = by_id('time-bars').parentElement;
    box.style.height = `${algorithms.length * 38 + 60}px`;
    const bar_name = (a) => {
      const name = short(a.label, box.clientWidth < 600 ? 16 : 40);
      return a.time_to_target && a.reached < a.seeds ? [name, `(${a.reached} of ${a.seeds} seeds)`] : name;
    };
    const colours_now = algorithms.map((a) => a.time_to_target ? colour_of(a.colour) : faint(colour_of(a.colour), 0.15));
    return [new Chart(by_id('time-bars'), {
      type: 'bar',
      data: {
        labels: algorithms.map(bar_name),
        datasets: [{data: algorithms.map((a) => a.time_to_target ? a.time_to_target.mean : a.duration),
                    backgroundColor: colours_now, barPercentage: 0.7, categoryPercentage: 0.95}],
      },
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, indexAxis: 'y', events: [],
        layout: {padding: {right: 70}},
        scales: {
          x: {...axis('virtual time (s)'), beginAtZero: true},
          y: {type: 'category', grid: {display: false}, ticks: {color: css('--text'), autoSkip: false, font: {size: 13}}},
        },
        plugins: {legend: {display: false}, tooltip: {enabled: false}},
      },
      plugins: [bar_labels],
    })];
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
    row.append(element('span', '', band.nodes), bar([['training', band.training], ['waiting', band.waiting]], false),
               busy(band.uplink), busy(band.downlink),
               element('span', '', band.accuracy === null ? '' : percent(band.accuracy)));
    const facts = [`${band.nodes}: ${band.rounds} rounds`, `training ${percent(band.training)}`, `waiting ${percent(band.waiting)}`];
    if (band.uplink !== null) facts.push(`uplink busy ${percent(band.uplink)}`);
    if (band.downlink !== null) facts.push(`downlink busy ${percent(band.downlink)}`);
    if (band.dropped !== null) facts.push(`dropped ${percent(band.dropped)} of its messages`);
    row.title = facts.join(', ');
    return row;
  }

  function band_block(algorithm) {
    const block = element('div');
    block.style.setProperty('--colour', `var(--c${algorithm.colour % colours})`);
    const title = element('h3');
    title.append(swatch(algorithm.colour), algorithm.label, element('small', '', `seed ${algorithm.bands_seed}`));
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
    by_id('bands').append(...shown.map(band_block));
  }

  // ---- all of it ----

  let charts = [];
  function draw() {
    charts.forEach((chart) => chart.destroy());
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    charts = [...curve_charts(), ...time_chart()];
    document.querySelectorAll('.swatch').forEach((place) => draw_swatch(place, Number(place.dataset.colour)));
  }
  legend(draw);
  bands();
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
})();
