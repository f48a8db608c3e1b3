/// What makes the report's page answer: choosing and filtering nodes, zooming, the scheme. Without it everything is still
/// there to be read. It never makes markup: texts of a run are moved about, not written.
enum PageScript {
  /// The page's one script, whole.
  static let text = #"""

    (() => {
    'use strict';
    const root = document.documentElement, one = s => document.querySelector(s), all = s => [...document.querySelectorAll(s)];
    root.classList.add('js');
    const drawn = new Map(), rows = new Map(), bars = new Map();
    for (const a of all('a.node')) drawn.set(a.dataset.node, a);
    for (const r of all('#nodes tbody tr')) rows.set(r.dataset.node, r);
    for (const b of all('.bar')) (bars.get(b.dataset.node) || bars.set(b.dataset.node, []).get(b.dataset.node)).push(b);
    const details = one('#details'), filter = one('#filter'), found = one('#found');

    // Times, where the reader is; those of details when they are opened.
    const clock = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
    const localise = part => {
      for (const t of part.querySelectorAll('time:not([title])')) {
        const date = new Date(t.dateTime);
        if (!isNaN(date)) { t.title = t.textContent; t.textContent = clock.format(date); }
      }
    };
    for (const part of all('header, footer')) localise(part);

    // One node at a time is in the order of the tab key; arrows lead from there to its neighbours on the page.
    let current = null;
    const roam = a => { if (current) current.setAttribute('tabindex', '-1'); current = a; if (a) a.setAttribute('tabindex', '0'); };
    for (const a of drawn.values()) a.setAttribute('tabindex', '-1');
    roam(one('a.node.failed') || one('a.node.running') || one('a.node'));
    const middle = a => { const b = a.querySelector('.box');
      return [b.x.baseVal.value + b.width.baseVal.value / 2, b.y.baseVal.value + b.height.baseVal.value / 2]; };
    const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
    const neighbour = (from, [dx, dy]) => {
      const [x, y] = middle(from);
      let best = null, least = Infinity;
      for (const a of drawn.values()) {
        if (a === from || a.classList.contains('off')) continue;
        const [u, v] = middle(a), along = (u - x) * dx + (v - y) * dy, aside = Math.abs((u - x) * dy) + Math.abs((v - y) * dx);
        if (along < 8) continue;
        const cost = along + aside * 2.5;
        if (cost < least) { least = cost; best = a; }
      }
      return best;
    };
    one('#graph')?.addEventListener('keydown', event => {
      const a = event.target.closest?.('a.node');
      if (!a || event.ctrlKey || event.metaKey || event.altKey) return;
      let next = ways[event.key] ? neighbour(a, ways[event.key]) : null;
      const shown = [...drawn.values()].filter(n => !n.classList.contains('off'));
      if (event.key === 'Home') next = shown[0];
      if (event.key === 'End') next = shown[shown.length - 1];
      if (event.key === ' ') { event.preventDefault(); open(a.dataset.node, a); return; }
      if (ways[event.key] || next) event.preventDefault();
      if (next) { roam(next); next.focus(); next.scrollIntoView({ block: 'nearest', inline: 'nearest' }); }
    });

    // Details of one node, beside everything else.
    let opener = null, chosen = null;
    const mark = isOpen => {
      drawn.get(chosen)?.classList.toggle('open', isOpen);
      one('#node-' + chosen)?.classList.toggle('open', isOpen);
    };
    function open(node, from) {
      const detail = one('#node-' + node);
      if (!detail) return;
      if (chosen !== null) mark(false);
      chosen = node;
      if (from && !details.contains(from)) opener = from;
      localise(detail);
      mark(true);
      if (drawn.has(node)) roam(drawn.get(node));
      details.classList.add('shown');
      document.body.classList.add('split');
      details.scrollTop = 0;
      detail.focus({ preventScroll: true });
    }
    function close() {
      if (chosen === null) return false;
      mark(false);
      chosen = null;
      details.classList.remove('shown');
      document.body.classList.remove('split');
      (opener?.isConnected ? opener : current)?.focus({ preventScroll: true });
      return true;
    }
    one('#details .close')?.addEventListener('click', close);
    document.addEventListener('click', event => {
      const link = event.target.closest?.('a[href^="#node-"]');
      if (link) { event.preventDefault(); open(link.getAttribute('href').slice(6), link); return; }
      const part = event.target.closest?.('.bar, #nodes tbody tr');
      if (part && !event.target.closest('a')) open(part.dataset.node, part.querySelector?.('a'));
    });
    const linked = /^#node-(\d+)$/.exec(location.hash);
    if (linked) open(linked[1], null);

    // What doesn't fit the words and the statuses asked for fades, or leaves the table.
    const wanted = new Set();
    const apply = () => {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      for (const [node, row] of rows) {
        const fits = (!wanted.size || wanted.has(row.dataset.status)) && words.every(w => row.dataset.text.includes(w));
        if (fits) count++;
        row.hidden = !fits;
        drawn.get(node)?.classList.toggle('off', !fits);
        for (const bar of bars.get(node) || []) bar.classList.toggle('off', !fits);
      }
      found.textContent = words.length || wanted.size ? `${count} of ${rows.size} nodes` : '';
    };
    filter?.addEventListener('input', apply);
    filter?.addEventListener('keydown', event => {
      if (event.key !== 'Enter') return;
      const row = [...rows.values()].find(r => !r.hidden);
      if (row) open(row.dataset.node, filter);
    });
    for (const chip of all('.chip')) chip.addEventListener('click', () => {
      const status = chip.dataset.status, isOn = !wanted.has(status);
      if (isOn) wanted.add(status); else wanted.delete(status);
      chip.setAttribute('aria-pressed', String(isOn));
      apply();
    });

    document.addEventListener('keydown', event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const isTyping = event.target.matches?.('input');
      if (event.key === '/' && !isTyping && filter) { event.preventDefault(); filter.focus(); filter.select(); }
      if (event.key === 'Escape') {
        if (close()) return;
        if (filter && (filter.value || wanted.size)) {
          filter.value = '';
          wanted.clear();
          for (const chip of all('.chip')) chip.setAttribute('aria-pressed', 'false');
          apply();
        } else if (isTyping) event.target.blur();
      }
    });

    // The size of the graph.
    const svg = one('#graph svg.figure');
    if (svg) {
      const width = svg.viewBox.baseVal.width, height = svg.viewBox.baseVal.height, box = svg.parentElement;
      let zoom = 1;
      const scale = value => {
        zoom = Math.min(2, Math.max(.05, value));
        svg.setAttribute('width', width * zoom);
        svg.setAttribute('height', height * zoom);
      };
      const fit = () => Math.min(1, (box.clientWidth - 38) / width);
      const whole = () => Math.min(fit(), (innerHeight * .74 - 38) / height);
      one('#fit').addEventListener('click', () => scale(Math.abs(zoom - whole()) < .01 ? 1 : whole()));
      one('#larger').addEventListener('click', () => scale(zoom * 1.25));
      one('#smaller').addEventListener('click', () => scale(zoom / 1.25));
      // Small enough to be seen whole, as long as it can be read.
      if (fit() < 1) scale(Math.max(.62, fit()));
    }

    // The scheme: the reader's own, until it is changed here.
    const theme = one('.theme'), isDark = matchMedia('(prefers-color-scheme: dark)');
    const kept = { get: () => { try { return localStorage.getItem('ion-theme'); } catch { return null; } },
      set: v => { try { localStorage.setItem('ion-theme', v); } catch { /* where nothing may be kept, nothing is */ } } };
    const scheme = () => root.dataset.theme || (isDark.matches ? 'dark' : 'light');
    const say = () => { theme.textContent = scheme() === 'dark' ? 'Light' : 'Dark';
      theme.setAttribute('aria-label', scheme() === 'dark' ? 'Change to light colours' : 'Change to dark colours'); };
    if (/^(dark|light)$/.test(kept.get() || '')) root.dataset.theme = kept.get();
    say();
    isDark.addEventListener('change', say);
    theme.addEventListener('click', () => { root.dataset.theme = scheme() === 'dark' ? 'light' : 'dark'; kept.set(root.dataset.theme); say(); });
    })();

    """#
}
