"use strict";
// The page: search, profile card, legend, size, zoom. Text of accounts is set with textContent only.

(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const $ = (id) => document.getElementById(id);
  const data = read("data");
  const accounts = data.accounts;
  const circles = data.circles;
  const root = document.documentElement;
  root.classList.add("js");
  for (const sheet of document.querySelectorAll(".sheet")) sheet.open = false;

  // ---- what is drawn ------------------------------------------------------------------------------------
  const discs = read("nodes").map((node) => ({
    id: node.id, x: node.x, y: node.y, r: node.size, label: node.label, circle: accounts.circle[node.id], shown: true,
  }));
  const ties = read("edges").map((edge, id) => ({ id, from: edge.from, to: edge.to, weight: edge.value, shown: true, light: false }));
  for (let i = 0; i < data.light_edges.length; i += 3) {
    const [from, to, weight] = data.light_edges.slice(i, i + 3);
    ties.push({ id: ties.length, from, to, weight, shown: true, light: true });
  }
  const drawnTies = ties.filter((tie) => !tie.light);
  const tiesOf = discs.map(() => []);
  for (const tie of ties) {
    tiesOf[tie.from].push(tie);
    tiesOf[tie.to].push(tie);
  }
  const heaviest = ties.reduce((most, tie) => Math.max(most, tie.weight), 0);
  const thickness = (weight, most) => 0.5 + 2.5 * (Math.log1p(weight) / Math.log1p(most || 1)) ** 1.5;
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const number = (value, digits = 3) => value === null ? "unknown"
    : Number.isInteger(value) ? value.toLocaleString("en-US")
    : value.toLocaleString("en-US", { maximumSignificantDigits: digits });

  const state = { picked: null, hidden: new Set(), least: 0, size: data.size };

  // ---- colours ------------------------------------------------------------------------------------------
  let colours = {};
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => root.classList.contains("dark");
  const colourOf = (circle) => circles[circle][isDark() ? "dark" : "light"];
  function mixed(colour, other, share) {
    const parts = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
    const [a, b] = [parts(colour), parts(other)];
    return `rgb(${a.map((part, i) => Math.round(part * (1 - share) + b[i] * share)).join(",")})`;
  }
  const rimOf = (circle) => mixed(colourOf(circle), isDark() ? "#ffffff" : "#000000", 0.28);
  function readColours() {
    const style = getComputedStyle(root);
    const get = (name) => style.getPropertyValue(name).trim();
    colours = { ground: get("--ground"), sheet: get("--sheet"), ink: get("--ink"), into: get("--into"), outOf: get("--out-of"), line: get("--line") };
  }
  function setTheme(dark) {
    root.classList.toggle("dark", dark);
    root.classList.toggle("light", !dark);
    readColours();
  }
  setTheme(prefersDark.matches);

  // ---- vis-network --------------------------------------------------------------------------------------
  const strength = Math.max(0.1, Math.min(0.6, 12 / Math.sqrt(drawnTies.length + 1)));
  const nodeLook = (disc) => ({
    id: disc.id, size: disc.r, hidden: !disc.shown,
    color: { background: colourOf(disc.circle), border: rimOf(disc.circle) },
  });
  function edgeLook(tie) {
    const same = discs[tie.from].circle === discs[tie.to].circle;
    const grey = isDark() ? "#aab2ba" : "#6b7684";
    const colour = same && discs[tie.from].circle !== data.other ? colourOf(discs[tie.from].circle) : grey;
    return { id: tie.id, hidden: !tie.shown, width: thickness(tie.weight, heaviest), color: { color: colour, opacity: same ? strength : strength * 0.7 } };
  }
  // The picture lies on its long side; on a screen that stands it stands.
  let standing = false;
  const stands = () => innerHeight > innerWidth;
  function turn() {
    standing = !standing;
    for (const disc of discs) [disc.x, disc.y] = [disc.y, disc.x];
  }
  if (stands()) turn();
  const nodes = new vis.DataSet(discs.map((disc) => ({ ...nodeLook(disc), x: disc.x, y: disc.y })));
  const edges = new vis.DataSet(drawnTies.map((tie) => ({ ...edgeLook(tie), from: tie.from, to: tie.to })));
  const view = new vis.Network($("picture"), { nodes, edges }, read("options"));
  $("empty").hidden = discs.length > 0;

  // ---- painting -----------------------------------------------------------------------------------------
  let words = null; // where names and captions go; forgotten when zoom, sizes, colours or filters change
  let wordsZoom = 0;
  let fittedZoom = 1;
  const order = () => {
    const visible = discs.filter((disc) => disc.shown).sort((a, b) => b.r - a.r || a.id - b.id);
    const hubs = [];
    const seen = new Set([data.other]);
    for (const disc of visible.slice(0, 200)) {
      if (!seen.has(disc.circle)) {
        seen.add(disc.circle);
        hubs.push(disc);
      }
    }
    return [...hubs, ...visible.filter((disc) => !hubs.includes(disc))];
  };
  function onScreen(ctx, paint) {
    const ratio = ctx.canvas.width / ctx.canvas.clientWidth;
    ctx.save();
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint(ctx.canvas.clientWidth, ctx.canvas.clientHeight);
    ctx.restore();
  }
  view.on("beforeDrawing", (ctx) => onScreen(ctx, (width, height) => {
    ctx.fillStyle = colours.ground;
    ctx.fillRect(0, 0, width, height);
  }));
  view.on("afterDrawing", (ctx) => onScreen(ctx, (width, height) => {
    const zoom = view.getScale();
    const origin = view.canvasToDOM({ x: 0, y: 0 });
    if (state.picked !== null) {
      paintVeil(ctx, width, height, colours.ground);
      paintEgo(ctx, zoom, origin);
      return;
    }
    if (!words || Math.abs(zoom / wordsZoom - 1) > 0.01) {
      const few = isPhone() ? 6 : discs.length <= 40 ? discs.length : 14;
      const budget = Math.round(few * Math.max(0.6, (zoom / fittedZoom) ** 1.6));
      words = placeWords(ctx, order(), groups(), zoom, budget, free().right - free().left, isPhone() ? 10 : 34, isPhone() ? 11 : 13);
      wordsZoom = zoom;
    }
    paintNames(ctx, words.names, colours, origin);
    paintCaptions(ctx, words.captions, colours, origin, colourOf);
  }));
  const cut = (text, length) => [...text].length <= length ? text : `${[...text].slice(0, length - 1).join("").trim()}…`;
  // Communities large enough to be an island get a caption, also the grey ones that have no colour of their own.
  function groups() {
    const members = new Map();
    for (const disc of discs) {
      const community = accounts.community[disc.id];
      if (disc.shown && community !== null) members.set(community, [...(members.get(community) ?? []), disc]);
    }
    if (members.size < 2) return [];
    return [...members].filter(([, own]) => own.length >= Math.max(3, discs.length / 60)).sort((a, b) => b[1].length - a[1].length).slice(0, 16)
      .map(([community, own]) => ({ name: cut(data.communities[community], isPhone() ? 18 : 28), circle: own[0].circle, discs: own }));
  }

  function paintEgo(ctx, zoom, origin) {
    const onPaper = (disc) => ({ id: disc.id, label: disc.label, circle: disc.circle, x: origin.x + disc.x * zoom, y: origin.y + disc.y * zoom, r: Math.max(disc.r * zoom, 3.5) });
    const centre = onPaper(discs[state.picked]);
    const near = new Map();
    const shown = tiesOf[state.picked].filter((tie) => discs[tie.from].shown && discs[tie.to].shown);
    const most = shown.reduce((top, tie) => Math.max(top, tie.weight), 1);
    for (const tie of [...shown].sort((a, b) => a.weight - b.weight)) {
      const inward = tie.to === state.picked;
      const other = onPaper(discs[inward ? tie.from : tie.to]);
      near.set(other.id, { ...other, weight: tie.weight + (near.get(other.id)?.weight ?? 0) });
      ctx.globalAlpha = 0.75;
      if (inward) paintArrow(ctx, other, centre, thickness(tie.weight, most), colours.into);
      else paintArrow(ctx, centre, other, thickness(tie.weight, most), colours.outOf);
      ctx.globalAlpha = 1;
    }
    for (const disc of near.values()) paintDisc(ctx, disc, colourOf(disc.circle), rimOf(disc.circle), 1);
    paintDisc(ctx, { ...centre, r: centre.r + 3 }, colours.ground, colours.ink, 2);
    paintDisc(ctx, centre, colourOf(centre.circle), rimOf(centre.circle), 1);
    const ranked = [centre, ...[...near.values()].sort((a, b) => b.weight - a.weight || a.id - b.id)];
    const placed = placeWords(ctx, ranked, [], 1, isPhone() ? 7 : 14, 0, isPhone() ? 10 : 34, 0);
    paintNames(ctx, placed.names.filter((name) => name.id !== centre.id), colours, { x: 0, y: 0 });
    paintNames(ctx, placed.names.filter((name) => name.id === centre.id), colours, { x: 0, y: 0 }, 13);
  }

  // ---- camera: what is looked at stands in the part of the window that no panel covers --------------------
  const isPhone = () => innerWidth < 700;
  function free() {
    const box = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    const panel = $("panel").getBoundingClientRect();
    const card = $("card").hidden ? null : $("card").getBoundingClientRect();
    if (isPhone()) {
      box.top = ($("panel").classList.contains("folded") ? panel.bottom : 90) + 4;
      box.bottom = card ? card.top : innerHeight - 84;
    } else {
      box.left = panel.right;
      box.bottom -= 40;
      if (card) box.right = card.left;
    }
    return box;
  }
  function look(members, closest, animate) {
    if (!members.length) return;
    const low = { x: Infinity, y: Infinity }, high = { x: -Infinity, y: -Infinity };
    for (const disc of members) {
      for (const axis of ["x", "y"]) {
        low[axis] = Math.min(low[axis], disc[axis] - disc.r);
        high[axis] = Math.max(high[axis], disc[axis] + disc.r);
      }
    }
    const box = free();
    const [padX, padY] = isPhone() ? [14, 18] : [36, 26];
    const width = Math.max(60, box.right - box.left - 2 * padX), height = Math.max(60, box.bottom - box.top - 2 * padY);
    const scale = Math.min(width / (high.x - low.x), height / (high.y - low.y), closest);
    if (state.picked === null) fittedZoom = scale;
    const still = !animate || matchMedia("(prefers-reduced-motion: reduce)").matches;
    view.moveTo({
      position: { x: (low.x + high.x) / 2, y: (low.y + high.y) / 2 },
      scale,
      offset: { x: (box.left + box.right - innerWidth) / 2, y: (box.top + box.bottom - innerHeight) / 2 },
      animation: still ? false : { duration: 350, easingFunction: "easeInOutQuad" },
    });
  }
  function fit(animate = true) {
    if (state.picked === null) return look(discs.filter((disc) => disc.shown), 1.6, animate);
    const ids = new Set([state.picked]);
    for (const tie of tiesOf[state.picked]) ids.add(tie.from).add(tie.to);
    return look(discs.filter((disc) => ids.has(disc.id) && disc.shown), 2.2, animate);
  }
  function zoomBy(factor) {
    const box = free();
    const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
    view.moveTo({
      position: view.DOMtoCanvas(middle), scale: Math.max(0.05, Math.min(12, view.getScale() * factor)),
      offset: { x: middle.x - innerWidth / 2, y: middle.y - innerHeight / 2 },
    });
  }
  const panBy = (x, y) => {
    const at = view.DOMtoCanvas({ x: innerWidth / 2 + x, y: innerHeight / 2 + y });
    view.moveTo({ position: at });
  };

  // ---- what is shown ------------------------------------------------------------------------------------
  const inDegree = data.measures.in_degree ? data.measures.in_degree.values : discs.map((disc) => tiesOf[disc.id].filter((tie) => tie.to === disc.id).length);
  function filter() {
    const changedNodes = [], changedEdges = [];
    for (const disc of discs) {
      const shown = !state.hidden.has(disc.circle) && (inDegree[disc.id] ?? 0) >= state.least;
      if (shown !== disc.shown) changedNodes.push({ id: disc.id, hidden: !shown });
      disc.shown = shown;
    }
    for (const tie of ties) {
      const shown = discs[tie.from].shown && discs[tie.to].shown;
      if (shown !== tie.shown && !tie.light) changedEdges.push({ id: tie.id, hidden: !shown });
      tie.shown = shown;
    }
    nodes.update(changedNodes);
    edges.update(changedEdges);
    if (state.picked !== null && !discs[state.picked].shown) pick(null);
    $("all").hidden = !state.hidden.size && !state.least;
    $("least-shown").textContent = String(state.least);
    $("least").value = String(state.least);
    for (const button of $("legend").querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(!state.hidden.has(Number(button.dataset.circle))));
    }
    repaint();
  }
  function repaint() {
    words = null;
    say();
    view.redraw();
  }
  function say() {
    let seen = discs.filter((disc) => disc.shown).length;
    let tied = drawnTies.filter((tie) => tie.shown).length;
    if (state.picked !== null) {
      const own = tiesOf[state.picked].filter((tie) => tie.shown);
      tied = own.length;
      seen = new Set([state.picked, ...own.flatMap((tie) => [tie.from, tie.to])]).size;
    }
    const write = (value) => value.toLocaleString("en-US");
    $("status").textContent = `${write(seen)} of ${write(data.totals.accounts)} accounts · ${write(tied)} of ${write(data.totals.edges)} edges shown`;
  }
  function resize(measure) {
    state.size = measure;
    const values = data.measures[measure].values.map((value) => Math.max(value ?? 0, 0));
    const top = values.reduce((most, value) => Math.max(most, value), 0);
    const least = values.reduce((low, value) => Math.min(low, value), top);
    const [smallest, largest] = data.radius;
    for (const disc of discs) disc.r = smallest + (largest - smallest) * (top > least ? Math.sqrt((values[disc.id] - least) / (top - least)) : 0);
    nodes.update(discs.map((disc) => ({ id: disc.id, size: disc.r })));
    repaint();
  }

  // ---- one account --------------------------------------------------------------------------------------
  function make(tag, properties = {}, ...children) {
    const { class: name, ...rest } = properties;
    const element = Object.assign(document.createElement(tag), rest);
    if (name) element.className = name;
    element.append(...children);
    return element;
  }
  const titleOf = (id) => accounts.handle[id] ? `@${accounts.handle[id]}` : discs[id].label;

  function pick(id, { focus = false, move = true } = {}) {
    if (id !== null && !discs[id].shown) {
      state.hidden.delete(discs[id].circle);
      if ((inDegree[id] ?? 0) < state.least) state.least = 0;
      state.picked = null;
      filter();
    }
    state.picked = id;
    $("hint").hidden = true;
    $("card").hidden = id === null;
    if (id !== null) {
      fillCard(id);
      if (isPhone()) fold(true);
    }
    const handle = id === null ? "" : accounts.handle[id];
    history.replaceState(null, "", handle ? `#account=${encodeURIComponent(handle)}` : location.href.split("#")[0]);
    repaint();
    if (move) fit();
    if (focus && id !== null) $("card").focus();
  }
  function fillCard(id) {
    const card = $("card");
    const close = make("button", { type: "button", textContent: "✕", onclick: () => pick(null) });
    close.setAttribute("aria-label", "Close");
    const handle = accounts.handle[id];
    const name = make("h2", { dir: "auto", textContent: accounts.name[id] || titleOf(id) });
    card.replaceChildren(make("div", { class: "top" }, name, close));
    card.setAttribute("aria-label", accounts.name[id] || titleOf(id));
    if (handle) {
      const url = accounts.url[id];
      card.append(make("p", { class: "quiet" }, url && url.startsWith("https://")
        ? make("a", { href: url, rel: "noopener noreferrer", target: "_blank", textContent: `@${handle}` })
        : make("bdi", { textContent: `@${handle}` })));
    }
    const dot = make("span", { class: "dot" });
    dot.style.background = colourOf(discs[id].circle);
    const circle = data.communities[accounts.community[id]] ?? "no community";
    card.append(make("p", { class: "circle" }, dot, make("span", { dir: "auto", textContent: accounts.role[id] ? `${circle} · ${accounts.role[id]}` : circle })));
    if (accounts.bio[id]) card.append(make("p", { dir: "auto", textContent: accounts.bio[id] }));
    const facts = make("dl");
    const fact = (label, value, note = "") => {
      const shown = make("dd", { textContent: value });
      if (note) shown.append(" ", make("small", { textContent: note }));
      facts.append(make("dt", { textContent: label }), shown);
    };
    for (const measure of Object.values(data.measures)) {
      const rank = measure.ranks[id];
      fact(measure.label, number(measure.values[id]), rank === null ? "" : `${number(rank)} of ${number(measure.of)}`);
    }
    if (accounts.followers[id] !== null) fact("Followers", number(accounts.followers[id]));
    if (accounts.posts[id] !== null) fact("Posts in the data", number(accounts.posts[id]));
    card.append(facts);
    list(card, "Addressed by", "into", data.addressed_by[id], data.measures.in_degree?.values[id]);
    list(card, "Addresses", "out-of", data.addresses[id], data.measures.out_degree?.values[id]);
    card.scrollTop = 0;
  }
  function list(card, heading, side, entries, of) {
    card.append(make("h3", { class: `head ${side}`, textContent: of === undefined || of === null ? heading : `${heading} (${number(of)})` }));
    if (!entries.length) return card.append(make("p", { class: "quiet", textContent: "Nobody." }));
    card.append(make("ol", {}, ...entries.map(([who, weight]) => {
      const known = typeof who === "number";
      const name = known
        ? make("button", { type: "button", class: "link", dir: "auto", textContent: titleOf(who), onclick: () => pick(who, { focus: true }) })
        : make("span", { class: "quiet", dir: "auto", textContent: `${who} (not drawn)` });
      return make("li", {}, name, make("span", { textContent: `× ${number(weight)}` }));
    })));
  }

  // ---- mouse and touch ----------------------------------------------------------------------------------
  function nearest(pointer) {
    const reach = 7 / view.getScale();
    const hits = discs.filter((disc) => disc.shown).map((disc) => [Math.hypot(disc.x - pointer.x, disc.y - pointer.y) - disc.r, disc]).filter(([gap]) => gap < reach);
    return hits.length ? hits.reduce((best, hit) => hit[0] < best[0] ? hit : best)[1].id : null;
  }
  view.on("click", (event) => pick(nearest(event.pointer.canvas)));
  view.on("hoverNode", ({ node, event }) => {
    if (!discs[node].shown || isPhone()) return;
    const hint = $("hint");
    const [name, more] = hint.children;
    name.textContent = discs[node].label;
    more.textContent = `${accounts.handle[node] ? `@${accounts.handle[node]} · ` : ""}addressed by ${number(inDegree[node])}`;
    hint.hidden = false;
    hint.style.left = `${Math.min(event.clientX + 14, innerWidth - hint.offsetWidth - 8)}px`;
    hint.style.top = `${Math.min(event.clientY + 14, innerHeight - hint.offsetHeight - 8)}px`;
    $("picture").style.cursor = "pointer";
  });
  view.on("blurNode", () => {
    $("hint").hidden = true;
    $("picture").style.cursor = "";
  });
  view.on("dragStart", () => { $("hint").hidden = true; });

  // ---- search -------------------------------------------------------------------------------------------
  const find = $("find"), found = $("found");
  const searchable = discs.map((disc) => ({ id: disc.id, handle: folded(accounts.handle[disc.id]), name: folded(accounts.name[disc.id]) }));
  let options = [], active = -1;
  function search() {
    const wanted = folded(find.value.trim().replace(/^@/, ""));
    const rank = (entry) => entry.handle === wanted ? 0 : entry.handle.startsWith(wanted) ? 1
      : entry.name.split(" ").some((part) => part.startsWith(wanted)) || entry.name.startsWith(wanted) ? 2
      : entry.handle.includes(wanted) || entry.name.includes(wanted) ? 3 : 9;
    options = wanted ? searchable.map((entry) => [rank(entry), entry.id]).filter(([place]) => place < 9).sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, 8).map((hit) => hit[1]) : [];
    active = options.length ? 0 : -1;
    found.replaceChildren(...options.map((id, i) => {
      const option = make("li", { id: `found-${i}`, onmousedown: (event) => { event.preventDefault(); choose(i); } },
        make("b", { dir: "auto", textContent: discs[id].label }));
      if (accounts.handle[id]) option.append(make("span", { dir: "auto", textContent: `@${accounts.handle[id]}` }));
      option.setAttribute("role", "option");
      return option;
    }));
    if (wanted && !options.length) found.replaceChildren(make("li", { class: "quiet", textContent: "No drawn account is called that." }));
    found.hidden = !wanted;
    mark();
  }
  function mark() {
    [...found.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
    find.setAttribute("aria-expanded", String(!found.hidden));
    if (active >= 0 && !found.hidden) find.setAttribute("aria-activedescendant", `found-${active}`);
    else find.removeAttribute("aria-activedescendant");
  }
  function choose(place) {
    const id = options[place];
    find.value = "";
    search();
    pick(id, { focus: true });
  }
  find.addEventListener("input", search);
  find.addEventListener("blur", () => { found.hidden = true; mark(); });
  find.addEventListener("focus", () => { if (find.value) search(); });
  find.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && active >= 0) choose(active);
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
      active = (active + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length;
      mark();
      event.preventDefault();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (find.value) {
        find.value = "";
        search();
      } else find.blur();
    }
  });

  // ---- legend, size, least degree -----------------------------------------------------------------------
  circles.forEach((circle, i) => {
    const dot = make("span", { class: "dot" });
    const button = make("button", { type: "button", onclick: () => {
      if (!state.hidden.delete(i)) state.hidden.add(i);
      filter();
    } }, dot, make("span", { class: "name", dir: "auto", textContent: circle.name }), make("span", { class: "count", textContent: number(circle.count) }));
    button.dataset.circle = String(i);
    button.setAttribute("aria-pressed", "true");
    $("legend").append(make("li", {}, button));
  });
  const paintLegend = () => {
    for (const button of $("legend").querySelectorAll("button")) button.firstChild.style.background = colourOf(Number(button.dataset.circle));
  };
  $("all").onclick = () => {
    state.hidden.clear();
    state.least = 0;
    filter();
  };
  for (const [name, measure] of Object.entries(data.measures)) $("size").append(make("option", { value: name, textContent: measure.label }));
  $("size").value = state.size;
  $("size").onchange = () => resize($("size").value);
  const degrees = inDegree.map((value) => value ?? 0).sort((a, b) => b - a);
  $("least").max = String(Math.max(1, degrees[Math.min(degrees.length - 1, 9)] ?? 1)); // ten accounts stay at least
  $("least").oninput = () => {
    state.least = Number($("least").value);
    filter();
  };

  // ---- buttons and keys ---------------------------------------------------------------------------------
  function fold(folds) {
    $("panel").classList.toggle("folded", folds);
    $("menu").setAttribute("aria-expanded", String(!folds));
  }
  $("menu").onclick = () => fold(!$("panel").classList.contains("folded"));
  $("in").onclick = () => zoomBy(1.4);
  $("out").onclick = () => zoomBy(1 / 1.4);
  $("fit").onclick = () => fit();
  function recolour(dark) {
    setTheme(dark);
    nodes.update(discs.map(nodeLook));
    edges.update(drawnTies.map(edgeLook));
    paintLegend();
    if (state.picked !== null) fillCard(state.picked);
    repaint();
  }
  $("theme").onclick = () => recolour(!isDark());
  prefersDark.addEventListener("change", (event) => recolour(event.matches));
  for (const name of ["table", "about"]) {
    const sheet = $(name), button = $(`show-${name}`);
    button.onclick = () => {
      for (const other of document.querySelectorAll(".sheet")) other.open = other === sheet && !sheet.open;
    };
    sheet.addEventListener("toggle", () => {
      button.setAttribute("aria-expanded", String(sheet.open));
      if (sheet.open) sheet.querySelector("summary").focus();
    });
  }
  addEventListener("beforeprint", () => { for (const sheet of document.querySelectorAll(".sheet")) sheet.open = true; });
  addEventListener("afterprint", () => { for (const sheet of document.querySelectorAll(".sheet")) sheet.open = false; });
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (event.key === "Escape") {
      const sheet = document.querySelector(".sheet[open]");
      if (sheet) sheet.open = false;
      else if (state.picked !== null) pick(null);
      return;
    }
    if (typing || document.querySelector(".sheet[open]")) return;
    const keys = {
      "/": () => find.focus(), "+": () => zoomBy(1.4), "=": () => zoomBy(1.4), "-": () => zoomBy(1 / 1.4), 0: () => fit(),
      ArrowLeft: () => panBy(-60, 0), ArrowRight: () => panBy(60, 0), ArrowUp: () => panBy(0, -60), ArrowDown: () => panBy(0, 60),
    };
    if (!keys[event.key] || (event.key.startsWith("Arrow") && document.activeElement !== document.body)) return;
    event.preventDefault();
    keys[event.key]();
  });

  // ---- PNG: the picture with its title, counts and legend ------------------------------------------------
  $("png").onclick = () => {
    view.redraw();
    const source = $("picture").querySelector("canvas");
    const ratio = source.width / source.clientWidth;
    const paper = make("canvas", { width: source.width, height: source.height });
    const ctx = paper.getContext("2d");
    ctx.drawImage(source, 0, 0);
    ctx.scale(ratio, ratio);
    ctx.fillStyle = colours.ink;
    ctx.textBaseline = "middle";
    ctx.font = `600 16px ${FONT}`;
    ctx.fillText(data.title, 16, 24);
    ctx.font = `12px ${FONT}`;
    ctx.fillText($("status").textContent, 16, 46);
    circles.forEach((circle, i) => {
      if (state.hidden.has(i)) return;
      paintDisc(ctx, { x: 22, y: 74 + i * 21, r: 6 }, colourOf(i), rimOf(i), 1);
      ctx.fillStyle = colours.ink;
      ctx.fillText(`${circle.name} · ${number(circle.count)}`, 36, 74 + i * 21);
    });
    paper.toBlob((blob) => {
      const link = make("a", { href: URL.createObjectURL(blob), download: "network.png" });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
  };

  // ---- start --------------------------------------------------------------------------------------------
  function follow() {
    const match = /^#account=(.+)$/.exec(location.hash);
    if (!match) return;
    let wanted = "";
    try {
      wanted = decodeURIComponent(match[1]).replace(/^@/, "").toLowerCase();
    } catch {
      return;
    }
    const id = accounts.handle.findIndex((handle) => handle.toLowerCase() === wanted);
    if (id >= 0 && id !== state.picked) pick(id);
  }
  addEventListener("hashchange", follow);
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) {
      if ((innerWidth < 700) !== (width < 700)) fold(isPhone());
      width = innerWidth;
      if (stands() !== standing) {
        turn();
        nodes.update(discs.map(({ id, x, y }) => ({ id, x, y })));
        repaint();
      }
      requestAnimationFrame(() => fit(false));
    }
  });
  if (isPhone()) fold(true);
  paintLegend();
  fit(false);
  say();
  follow();
  window.netmed = { view, state, discs, pick, ready: true };
})();
