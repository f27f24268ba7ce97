(function () {
  'use strict';

  var PAGE = 100;
  var ORDER = { '优': 1, '良': 2, '中': 3, '差': 4, '严重': 1, '一般': 2, '提示': 3 };
  var collator = window.Intl && window.Intl.Collator ? new window.Intl.Collator('zh-CN', { numeric: true }) : null;
  var parts = {};

  function each(list, f) {
    for (var i = 0; i < list.length; i++) { f(list[i], i); }
  }

  function make(name, className, text) {
    var el = document.createElement(name);
    if (className) { el.className = className; }
    if (text !== undefined) { el.appendChild(document.createTextNode(text)); }
    return el;
  }

  function button(text, label, f) {
    var el = make('button', '', text);
    el.type = 'button';
    if (label) { el.setAttribute('aria-label', label); el.title = label; }
    el.addEventListener('click', f);
    return el;
  }

  function empty(el) {
    while (el.firstChild) { el.removeChild(el.firstChild); }
  }

  function decode(text) {
    try { return decodeURIComponent(text); } catch (e) { return ''; }
  }

  /* What a text is sorted by: figures by their value, grades by their rank, all else as words. */
  function key(text) {
    if (text === '' || text === '—') { return null; }
    if (ORDER.hasOwnProperty(text)) { return ORDER[text]; }
    var bare = text.replace(/[,%]/g, '');
    return /^-?\d+(\.\d+)?$/.test(bare) ? parseFloat(bare) : text;
  }

  function compare(a, b) {
    if (typeof a === 'number' && typeof b === 'number') { return a - b; }
    if (typeof a === 'number') { return -1; }
    if (typeof b === 'number') { return 1; }
    if (collator) { return collator.compare(a, b); }
    return a < b ? -1 : a > b ? 1 : 0;
  }

  /* Sorts items by column; blanks stay last, equal ones as they were. */
  function sorted(items, sort, textOf) {
    if (!sort) { return items; }
    var column = Math.abs(sort) - 1;
    var keyed = [];
    each(items, function (item, at) { keyed.push({ item: item, at: at, key: key(textOf(item, column)) }); });
    keyed.sort(function (a, b) {
      if (a.key === null || b.key === null) {
        return (a.key === null) - (b.key === null) || a.at - b.at;
      }
      return (sort < 0 ? -1 : 1) * compare(a.key, b.key) || a.at - b.at;
    });
    var out = [];
    each(keyed, function (one) { out.push(one.item); });
    return out;
  }

  function showSort(part) {
    each(part.heads, function (th, at) {
      th.className = 's' + (part.sort === at + 1 ? ' up-sort' : part.sort === -(at + 1) ? ' down-sort' : '');
      th.setAttribute('aria-sort', part.sort === at + 1 ? 'ascending' : part.sort === -(at + 1) ? 'descending' : 'none');
    });
  }

  /* A short table: its lines stand in the page and are put in order there, each block for itself. */
  function renderShort(part) {
    each(part.blocks, function (block) {
      var lines = sorted(block.lines, part.sort, function (tr, column) {
        return tr.cells[column] ? tr.cells[column].textContent : '';
      });
      each(lines, function (tr) { block.body.appendChild(tr); });
    });
    showSort(part);
  }

  /* A long table: its lines stand in the data. */
  function dataOf(part) {
    if (!part.data) { part.data = JSON.parse(part.source.textContent); }
    return part.data;
  }

  function textOf(data, cell) {
    if (cell === undefined) { return ''; }
    var said = typeof cell === 'object' ? cell[0] : cell;
    return typeof said === 'number' ? data.s[said] : said;
  }

  function lineFits(part, data, line) {
    var i;
    var path = data.p[line[0]];
    for (i = 0; i < part.path.length; i++) {
      if (data.s[path[i]] !== part.path[i]) { return false; }
    }
    for (i = 0; i < part.where.length; i++) {
      if (textOf(data, line[part.where[i].column + 1]) !== part.where[i].words) { return false; }
    }
    if (part.q) {
      for (i = 1; i < line.length; i++) {
        if (textOf(data, line[i]).toLowerCase().indexOf(part.q) >= 0) { return true; }
      }
      return false;
    }
    return true;
  }

  function cellOf(data, cell) {
    var td = make('td');
    if (cell === undefined) { return td; }
    var said = typeof cell === 'object' ? cell[0] : cell;
    var alone = typeof cell === 'object' && cell.length === 1;
    var isText = typeof said === 'number';
    var className = isText ? (alone ? 'c' : '') : (alone ? 'c f' : 'n');
    if (className) { td.className = className; }
    var text = textOf(data, cell);
    var inner = isText && text !== '' ? make('bdi', '', text) : document.createTextNode(text);
    if (typeof cell === 'object' && cell.length === 2) {
      var a = make('a');
      a.href = data.s[cell[1]];
      a.appendChild(inner);
      inner = a;
    }
    td.appendChild(inner);
    return td;
  }

  function isFiltered(part) {
    return part.path.length > 0 || part.where.length > 0;
  }

  /* Which lines are shown, and the way to the others. */
  function status(part, first, shown, found, filtered) {
    var pages = Math.max(1, Math.ceil(found / PAGE));
    var said = shown === 0 ? '没有符合的行' : '第 ' + (first + 1) + '—' + (first + shown) + ' 行，共 ' + found + ' 行';
    if (filtered) { said += '（全部 ' + part.all + ' 行）'; }
    empty(part.count);
    part.count.appendChild(document.createTextNode(said));
    empty(part.pager);
    if (pages > 1) {
      var back = button('上一页', '', function () { turn(part, -1); });
      var next = button('下一页', '', function () { turn(part, 1); });
      back.disabled = part.page === 1;
      next.disabled = part.page === pages;
      part.pager.appendChild(back);
      part.pager.appendChild(next);
      part.pager.appendChild(document.createTextNode('第 ' + part.page + ' 页，共 ' + pages + ' 页'));
    }
  }

  function turn(part, by) {
    part.page += by;
    renderLong(part);
    part.scroll.scrollTop = 0;
  }

  function renderLong(part) {
    var data = dataOf(part);
    var found = [];
    each(data.r, function (line) { if (lineFits(part, data, line)) { found.push(line); } });
    found = sorted(found, part.sort, function (line, column) { return textOf(data, line[column + 1]); });
    var pages = Math.max(1, Math.ceil(found.length / PAGE));
    part.page = Math.min(Math.max(part.page, 1), pages);
    var first = (part.page - 1) * PAGE;
    var shown = found.slice(first, first + PAGE);
    empty(part.body);
    each(shown, function (line) {
      var tr = make('tr');
      for (var i = 0; i < part.heads.length; i++) { tr.appendChild(cellOf(data, line[i + 1])); }
      part.body.appendChild(tr);
    });
    /* A total is that of all lines. */
    var filtered = isFiltered(part) || part.q !== '';
    each(part.totals, function (body) { body.className = filtered ? 't away' : 't'; });
    empty(part.chips);
    if (isFiltered(part)) {
      var words = [];
      each(part.path, function (word) { if (word !== '') { words.push(word); } });
      each(part.where, function (where) { words.push(where.head + '：' + where.words); });
      var chip = make('span', 'chip');
      chip.appendChild(document.createTextNode('筛选：'));
      chip.appendChild(make('bdi', '', words.join(' › ')));
      chip.appendChild(button('×', '取消筛选', function () { go(part, [], []); }));
      part.chips.appendChild(chip);
    }
    status(part, first, shown.length, found.length, filtered);
    showSort(part);
  }

  function render(part) {
    if (part.source) { renderLong(part); } else { renderShort(part); }
  }

  /* Filters a list by hand: the address tells it, so that the way back works. */
  function go(part, path, where) {
    var fragment = 'list=' + encodeURIComponent(part.name);
    if (path.length) { fragment += '&path=' + path.map(encodeURIComponent).join('/'); }
    each(where, function (one) { fragment += '&where=' + encodeURIComponent(one.head) + '/' + encodeURIComponent(one.words); });
    if (window.location.hash === '#' + fragment) { apply(); } else { window.location.hash = fragment; }
  }

  function sortBy(part, column) {
    var up = column + 1;
    part.sort = part.sort === up ? -up : part.sort === -up ? 0 : up;
    part.page = 1;
    render(part);
  }

  function prepare(section) {
    var table = section.querySelector('table');
    var part = {
      name: section.getAttribute('data-name'), section: section, heads: table.querySelectorAll('thead th'),
      source: document.getElementById('d' + section.id.slice(1)), data: null,
      path: [], where: [], q: '', sort: 0, page: 1, blocks: [], totals: []
    };
    each(table.tBodies, function (body) {
      if (body.className === 't') { part.totals.push(body); return; }
      var lines = [];
      each(body.rows, function (tr) { if (tr.className !== 'h') { lines.push(tr); } });
      part.blocks.push({ body: body, lines: lines });
    });
    each(part.heads, function (th, at) {
      th.tabIndex = 0;
      th.setAttribute('role', 'columnheader');
      th.title = '点击排序';
      th.addEventListener('click', function () { sortBy(part, at); });
      th.addEventListener('keydown', function (e) {
        if (e.keyCode === 13 || e.keyCode === 32) { e.preventDefault(); sortBy(part, at); }
      });
    });
    if (part.source) {
      part.body = part.blocks[0].body;
      var scroll = section.querySelector('.scroll');
      scroll.className = 'scroll long';
      part.scroll = scroll;
      var bar = make('div', 'bar');
      var input = make('input');
      input.type = 'search';
      input.placeholder = '在本表中查找，例如单位名称';
      input.setAttribute('aria-label', '在本表中查找');
      var wait = 0;
      input.addEventListener('input', function () {
        window.clearTimeout(wait);
        wait = window.setTimeout(function () {
          part.q = input.value.replace(/^\s+|\s+$/g, '').toLowerCase();
          part.page = 1;
          renderLong(part);
        }, 150);
      });
      part.input = input;
      part.chips = make('span');
      part.count = make('span', 'count');
      part.pager = make('div', 'pager');
      bar.appendChild(input);
      bar.appendChild(part.chips);
      bar.appendChild(part.count);
      section.insertBefore(bar, scroll);
      section.insertBefore(part.pager, scroll.nextSibling);
      part.all = parseInt(section.getAttribute('data-rows'), 10) || 0;
      status(part, 0, part.body.rows.length, part.all, false);
      each(section.querySelectorAll('.rest'), function (p) { p.className = 'rest away'; });
    }
    showSort(part);
    parts[part.name] = part;
  }

  /* Of the forms one is shown, the others wait. */
  var forms = document.querySelectorAll('.form');

  function showForm(id) {
    each(forms, function (form) { form.className = form.id === id ? 'form' : 'form away'; });
  }

  function fields(fragment) {
    var out = { where: [] };
    each(fragment.split('&'), function (piece) {
      var at = piece.indexOf('=');
      var name = piece.slice(0, at);
      var value = piece.slice(at + 1);
      if (name === 'path') {
        out.path = value.split('/').map(decode);
      } else if (name === 'where') {
        var pair = value.split('/').map(decode);
        if (pair.length === 2) { out.where.push(pair); }
      } else if (at > 0) {
        out[name] = decode(value);
      }
    });
    return out;
  }

  /* Does what the address says: #list=…&path=…&where=…&q=…&sort=…&page=…, or #f3-H7 for a cell of a form. */
  function apply() {
    var fragment = window.location.hash.slice(1);
    var form = /^(f\d+)(-[A-Z]+\d+)?$/.exec(fragment);
    if (form && document.getElementById(form[1])) {
      showForm(form[1]);
      var cell = document.getElementById(fragment);
      cell.scrollIntoView();
      if (form[2]) { window.scrollBy(0, -120); cell.focus(); }
      return;
    }
    var said = fields(fragment);
    if (!said.list || !parts.hasOwnProperty(said.list)) { return; }
    var part = parts[said.list];
    part.path = said.path || [];
    part.where = [];
    each(said.where, function (pair) {
      each(part.heads, function (th, at) {
        if (th.textContent === pair[0]) { part.where.push({ column: at, head: pair[0], words: pair[1] }); }
      });
    });
    part.q = (said.q || '').toLowerCase();
    part.sort = parseInt(said.sort, 10) || 0;
    if (Math.abs(part.sort) > part.heads.length) { part.sort = 0; }
    part.page = parseInt(said.page, 10) || 1;
    if (part.input) { part.input.value = said.q || ''; }
    render(part);
    if (part.scroll) { part.scroll.scrollTop = 0; }
    part.section.scrollIntoView();
  }

  each(document.querySelectorAll('section[data-name]'), prepare);
  each(document.querySelectorAll('a[data-to]'), function (a) { a.setAttribute('href', '#' + a.getAttribute('data-to')); });
  if (forms.length) { showForm(forms[0].id); }
  window.addEventListener('hashchange', apply);
  apply();
})();
