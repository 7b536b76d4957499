// The page, whoever draws: camera, picking, search, card, panel, keys, links, files.

import { fillCard, title } from "./card";
import { isDark, rimOf, setTheme, type Palette } from "./colours";
import { Combobox } from "./combobox";
import { read, type Data } from "./data";
import { $, make, number, save } from "./dom";
import { csv, paintLegend, svg } from "./files";
import { Overlay, thickness } from "./overlay";
import { buildPanel } from "./panel";
import type { Camera, Pointer, Renderer, Scene, Start } from "./scene";
import { State } from "./state";
import { reached, shortestPath } from "./ways";
import { withCanvas } from "./with-canvas";

const isPhone = (): boolean => innerWidth < 700;
const sheets = (): HTMLDetailsElement[] => [...document.querySelectorAll<HTMLDetailsElement>(".sheet")];

export async function run(start: Start): Promise<void> {
  document.documentElement.classList.add("js");
  for (const sheet of sheets()) sheet.open = false;
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const palette = setTheme(prefersDark.matches);
  try {
    new Page(await read($("data").textContent!), start, palette, prefersDark);
  } catch (error) {
    notice("The picture cannot be drawn in this browser; the table can be read.");
    ($("table") as HTMLDetailsElement).open = true;
    throw error;
  }
}

function notice(text: string): void {
  $("notice-text").textContent = text;
  $("notice").hidden = false;
}

class Page {
  private readonly state: State;
  private readonly scene: Scene;
  private readonly overlay: Overlay;
  private readonly panel: ReturnType<typeof buildPanel>;
  private readonly paper = $<HTMLCanvasElement>("words");
  private renderer!: Renderer;
  private standing = false;
  private fittedScale = 0;
  private flight = 0;
  private lost = 0;

  constructor(private readonly data: Data, private readonly start: Start, private palette: Palette, prefersDark: MediaQueryList) {
    const state = (this.state = new State(data));
    let heaviest = 0;
    for (const weight of data.weight) heaviest = Math.max(heaviest, weight);
    const strength = Math.max(0.04, Math.min(0.6, 16 / Math.sqrt(data.drawnEdges + 1) - 0.03));
    const communities = data.legends[0]!;
    this.scene = {
      state, x: data.x, y: data.y,
      fill: (i) => this.colourOf(state.choices.legend.places[i]!),
      rim: (i) => rimOf(this.colourOf(state.choices.legend.places[i]!)),
      edgeColour: (i) => {
        const place = communities.places[data.from[i]!]!;
        const inside = place === communities.places[data.to[i]!] && !communities.entries[place]?.rest && state.choices.legend === communities;
        return inside ? { colour: this.colourOf(place), alpha: strength } : { colour: this.palette.grey, alpha: strength * 0.7 };
      },
      edgeWidth: (i) => thickness(state.active[i]! || data.weight[i]!, heaviest),
      ground: () => this.palette.ground,
    };
    this.overlay = new Overlay(this.scene, (i) => this.label(i), () => this.palette, () => this.free(), isPhone, () => this.fittedScale, () => this.paint());
    if (innerHeight > innerWidth) this.turn();
    this.panel = buildPanel(state, {
      filtered: () => this.changed(),
      tied: () => { state.ties(); this.changed(); },
      resized: () => { state.sizes(); this.redraw(); },
      recoloured: () => this.changed(),
    });
    $("empty").hidden = data.n > 0;
    if (isPhone()) this.fold(true);
    this.draw(start);
    this.fit(false);
    this.buttons(prefersDark);
    this.search();
    this.mouse();
    addEventListener("hashchange", () => this.follow());
    addEventListener("keydown", (event) => this.key(event));
    let wide = innerWidth;
    addEventListener("resize", () => requestAnimationFrame(() => {
      if ((innerWidth < 700) !== (wide < 700)) this.fold(isPhone());
      wide = innerWidth;
      if ((innerHeight > innerWidth) !== this.standing) {
        this.turn();
        this.renderer.refresh();
      }
      this.overlay.forget();
      this.fit(false);
    }));
    this.say();
    this.follow();
    Object.assign(window, { netmed: this.forTests() });
  }

  // ---- drawing ----------------------------------------------------------------------------------------------
  private draw(start: Start): void {
    const box = $("picture");
    const hands = { moved: () => this.paint(), click: (at: Pointer) => this.pick(this.nearest(at)), lost: () => this.lose() };
    try {
      this.renderer = start(box, this.scene, hands);
    } catch {
      this.withoutWebgl("This browser draws no WebGL");
    }
  }

  private withoutWebgl(why: string): void {
    const { data, state } = this;
    $("picture").replaceChildren();
    state.choices.core = Math.min(data.n, data.fallback);
    state.filter();
    this.panel.paint();
    this.panel.sync();
    notice(`${why}: of ${number(data.n)} accounts only the ${number(state.choices.core)} most central are drawn. The table and the search have the same ones.`);
    this.renderer = withCanvas($("picture"), this.scene, { moved: () => this.paint(), click: (at) => this.pick(this.nearest(at)), lost: () => undefined });
    this.say();
  }

  // The graphics card was taken away (sleep, another page): draw again, and if that does not last, without it.
  private lose(): void {
    this.lost++;
    setTimeout(() => {
      const camera = this.renderer.camera();
      this.renderer.stop();
      $("picture").replaceChildren();
      if (this.lost > 2) this.withoutWebgl("WebGL was lost");
      else this.draw(this.start);
      this.look(camera);
    }, 60);
  }

  private paint(): void {
    if (!this.renderer) return;
    const { paper } = this;
    const ratio = devicePixelRatio || 1;
    const [width, height] = [innerWidth, innerHeight];
    if (paper.width !== Math.round(width * ratio) || paper.height !== Math.round(height * ratio)) {
      paper.width = Math.round(width * ratio);
      paper.height = Math.round(height * ratio);
    }
    const ctx = paper.getContext("2d")!;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    this.overlay.paint(ctx, width, height, this.renderer.camera());
  }

  private redraw(): void {
    this.overlay.forget();
    this.say();
    this.renderer.refresh();
    this.paint();
  }

  private changed(): void {
    const { state } = this;
    const { choices } = state;
    state.filter();
    if (choices.picked !== null && !state.visible[choices.picked]) this.pick(null, { move: false });
    this.walkAgain();
    if (choices.picked !== null) this.card(choices.picked);
    this.panel.sync();
    this.redraw();
  }

  private colourOf(place: number): string {
    const entry = this.state.choices.legend.entries[place]!;
    return isDark() ? entry.dark : entry.light;
  }

  private label(i: number): string {
    const { data } = this;
    const text = data.redacted[i] ? "" : data.name[i] || data.handle[i]!;
    return [...text].length <= 40 ? text : `${[...text].slice(0, 39).join("").trim()}…`;
  }

  // The picture lies on its long side; on a screen that stands it stands.
  private turn(): void {
    const { x, y } = this.data;
    this.standing = !this.standing;
    for (let i = 0; i < x.length; i++) [x[i], y[i]] = [y[i]!, x[i]!];
  }

  // ---- camera: what is looked at stands in the part of the window that no panel covers -------------------------
  private free(): { left: number; top: number; right: number; bottom: number } {
    const panel = $("panel").getBoundingClientRect();
    const card = $("card").hidden ? null : $("card").getBoundingClientRect();
    if (isPhone()) {
      const folded = $("panel").classList.contains("folded");
      return { left: 0, right: innerWidth, top: (folded ? panel.bottom : 90) + 4, bottom: card ? card.top : innerHeight - 84 };
    }
    return { left: panel.right, top: 0, right: card ? card.left : innerWidth, bottom: $("tools").getBoundingClientRect().top };
  }

  private around(members: Iterable<number>, closest: number): Camera | null {
    const { x, y } = this.data;
    const { radius } = this.state;
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const i of members) {
      left = Math.min(left, x[i]! - radius[i]!);
      right = Math.max(right, x[i]! + radius[i]!);
      top = Math.min(top, y[i]! - radius[i]!);
      bottom = Math.max(bottom, y[i]! + radius[i]!);
    }
    if (left > right) return null;
    const free = this.free();
    const [padX, padY] = isPhone() ? [14, 18] : [36, 26];
    const width = Math.max(60, free.right - free.left - 2 * padX), height = Math.max(60, free.bottom - free.top - 2 * padY);
    const scale = Math.min(width / Math.max(1, right - left), height / Math.max(1, bottom - top), closest);
    const [middleX, middleY] = [(free.left + free.right - innerWidth) / 2, (free.top + free.bottom - innerHeight) / 2];
    return { x: (left + right) / 2 - middleX / scale, y: (top + bottom) / 2 - middleY / scale, scale };
  }

  private fit(animate = true): void {
    const { state, data } = this;
    const { picked, path, reach } = state.choices;
    let target: Camera | null;
    if (path?.steps) target = this.around(path.steps, 1.6);
    else if (reach) target = this.around(reach.members.keys(), 1.6);
    else if (picked !== null) {
      const near = new Set([picked]);
      for (const [edge, other] of state.edgesOf(picked)) if (state.shows(edge)) near.add(other);
      target = this.around(near, 1.6);
    } else {
      const shown: number[] = [];
      for (let i = 0; i < data.n; i++) if (state.visible[i]) shown.push(i);
      target = this.around(shown, 1.6);
      if (target) this.fittedScale = target.scale;
    }
    if (target) this.fly(target, animate);
  }

  private look(camera: Camera): void {
    this.renderer.look(camera);
  }

  private fly(target: Camera, animate: boolean): void {
    cancelAnimationFrame(this.flight);
    const still = !animate || this.data.n > 20_000 || matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (still) return this.look(target);
    const from = this.renderer.camera();
    const began = performance.now();
    const step = (now: number) => {
      const t = Math.min(1, Math.max(0, (now - began) / 320));
      const ease = t < 0.5 ? 2 * t * t : 1 - (2 - 2 * t) ** 2 / 2;
      // Zooming goes by factors; the place follows so that the middle moves evenly on the screen.
      const scale = from.scale * (target.scale / from.scale) ** ease;
      const share = Math.abs(target.scale / from.scale - 1) < 1e-3 ? ease : (1 / from.scale - 1 / scale) / (1 / from.scale - 1 / target.scale);
      this.look({ x: from.x + (target.x - from.x) * share, y: from.y + (target.y - from.y) * share, scale });
      if (t < 1) this.flight = requestAnimationFrame(step);
      else {
        this.overlay.forget();
        this.paint();
      }
    };
    this.flight = requestAnimationFrame(step);
  }

  private zoom(factor: number): void {
    cancelAnimationFrame(this.flight);
    const camera = this.renderer.camera();
    const free = this.free();
    const scale = Math.max(0.01, Math.min(40, camera.scale * factor));
    const [dx, dy] = [(free.left + free.right - innerWidth) / 2, (free.top + free.bottom - innerHeight) / 2];
    this.look({ x: camera.x + dx / camera.scale - dx / scale, y: camera.y + dy / camera.scale - dy / scale, scale });
  }

  private pan(x: number, y: number): void {
    const camera = this.renderer.camera();
    this.look({ ...camera, x: camera.x + x / camera.scale, y: camera.y + y / camera.scale });
  }

  private spot(i: number): { x: number; y: number; r: number } {
    return this.overlay.spot(i, innerWidth, innerHeight, this.renderer.camera());
  }

  private nearest(at: Pointer): number | null {
    const { state, data } = this;
    const camera = this.renderer.camera();
    const x = camera.x + (at.x - innerWidth / 2) / camera.scale, y = camera.y + (at.y - innerHeight / 2) / camera.scale;
    let best: number | null = null, least = 7 / camera.scale;
    for (let i = 0; i < data.n; i++) {
      if (!state.visible[i]) continue;
      const gap = Math.hypot(data.x[i]! - x, data.y[i]! - y) - state.radius[i]!;
      if (gap < least) [best, least] = [i, gap];
    }
    return best;
  }

  // ---- one account --------------------------------------------------------------------------------------------
  private pick(i: number | null, { focus = false, move = true } = {}): void {
    const { state, data } = this;
    const { choices } = state;
    if (i !== null && i >= choices.core) return;
    if (i !== null && !state.visible[i]) {
      // Whoever is looked for is shown, whatever was filtered away.
      choices.hidden.delete(choices.legend.places[i]!);
      if (state.degree[i]! < choices.least) choices.least = 0;
      if (!state.degree[i]) $("all").click();
      state.filter();
      this.panel.sync();
      this.renderer.refresh();
    }
    choices.picked = i;
    choices.path = choices.reach = null;
    $("path-form").hidden = true;
    $("hint").hidden = true;
    $("card").hidden = i === null;
    if (i !== null) {
      if (isPhone()) this.fold(true);
      this.card(i);
    }
    const handle = i === null ? "" : data.handle[i];
    history.replaceState(null, "", handle ? `#account=${encodeURIComponent(handle)}` : location.href.split("#")[0]);
    this.overlay.forget();
    this.say();
    this.paint();
    if (move) this.fit();
    if (focus && i !== null) $("card").focus();
  }

  private card(i: number): void {
    const card = $("card");
    fillCard(card, this.state, (who) => this.scene.fill(who), i, {
      close: () => this.pick(null),
      pick: (other) => this.pick(other, { focus: true }),
      path: () => {
        $("path-form").hidden = false;
        $("path-end").focus();
      },
      reach: (steps) => this.reach(this.state.choices.reach?.steps === steps ? 0 : steps),
    });
    this.tellWay();
  }

  private reach(steps: number): void {
    const { choices } = this.state;
    choices.path = null;
    choices.reach = steps ? { steps, members: reached(this.state, choices.picked!, steps) } : null;
    this.went();
  }

  private path(end: number): void {
    const { choices } = this.state;
    $("path-form").hidden = true;
    if (choices.picked === null || choices.picked === end) return;
    choices.reach = null;
    choices.path = { end, ...shortestPath(this.state, choices.picked, end) };
    this.went();
    $("card").focus();
  }

  // The ground under a path or reach set has changed: walk again.
  private walkAgain(): void {
    const { choices } = this.state;
    if (choices.picked === null) return;
    if (choices.path) choices.path = { end: choices.path.end, ...shortestPath(this.state, choices.picked, choices.path.end) };
    if (choices.reach) choices.reach.members = reached(this.state, choices.picked, choices.reach.steps);
  }

  private went(): void {
    this.tellWay();
    this.say();
    this.paint();
    this.fit();
  }

  private tellWay(): void {
    const { data, state } = this;
    const { path, reach } = state.choices;
    const way = $("way");
    way.hidden = !path && !reach;
    for (const button of $("card").querySelectorAll<HTMLButtonElement>(".reach")) button.setAttribute("aria-pressed", String(reach !== null && button.textContent === String(reach.steps)));
    if (path) {
      const names = path.steps?.flatMap((i, at) => [...(at ? [" → "] : []), make("bdi", { textContent: title(data, i) })]) ?? [];
      const steps = path.steps ? path.steps.length - 1 : 0;
      way.replaceChildren(...names, path.steps ? ` · ${steps} ${steps === 1 ? "step" : "steps"}, ${path.how}` : path.how);
    } else if (reach) {
      const others = reach.members.size - 1;
      way.textContent = `${number(others)} of ${number(data.n - 1)} other drawn accounts are reached in ${reach.steps} ${reach.steps === 1 ? "step" : "steps"}: those who addressed it${reach.steps > 1 ? ", those who addressed them, and so on" : ""}.`;
    }
  }

  private say(): void {
    const { accounts, edges } = this.state.counts();
    const { totals } = this.data;
    const tied = this.state.choices.reach ? "" : ` · ${number(edges)} of ${number(totals.edges)} edges`;
    $("status").textContent = `${number(accounts)} of ${number(totals.accounts)} accounts${tied} shown`;
  }

  // ---- mouse, search, buttons, keys -----------------------------------------------------------------------------
  private mouse(): void {
    const hint = $("hint");
    let queued = 0;
    $("picture").addEventListener("mousemove", (event) => {
      if (queued || isPhone() || event.buttons) return;
      queued = requestAnimationFrame(() => {
        queued = 0;
        const i = this.nearest({ x: event.clientX, y: event.clientY });
        hint.hidden = i === null;
        $("picture").style.cursor = i === null ? "" : "pointer";
        if (i === null) return;
        const [name, more] = hint.children as unknown as [HTMLElement, HTMLElement];
        name.textContent = this.label(i) || title(this.data, i);
        const handle = this.data.handle[i] ? `@${this.data.handle[i]} · ` : "";
        more.textContent = `${handle}deals with ${number(this.state.degree[i])} ${this.state.degree[i] === 1 ? "account" : "accounts"}`;
        hint.style.left = `${Math.min(event.clientX + 14, innerWidth - hint.offsetWidth - 8)}px`;
        hint.style.top = `${Math.min(event.clientY + 14, innerHeight - hint.offsetHeight - 8)}px`;
      });
    });
    for (const leaving of ["mouseleave", "mousedown", "wheel"]) $("picture").addEventListener(leaving, () => { hint.hidden = true; }, { passive: true });
  }

  private search(): void {
    const accounts = this.data.handle.map((handle, i) => ({ handle, name: this.data.name[i]! }));
    const few = () => accounts.slice(0, this.state.choices.core);
    const label = (i: number) => this.label(i) || title(this.data, i);
    new Combobox($("find") as HTMLInputElement, $("found"), few, label, (i) => this.pick(i, { focus: true }));
    new Combobox($("path-end") as HTMLInputElement, $("path-found"), few, label, (i) => this.path(i), () => {
      $("path-form").hidden = true;
      $("card").focus();
    });
  }

  private fold(folds: boolean): void {
    $("panel").classList.toggle("folded", folds);
    $("menu").setAttribute("aria-expanded", String(!folds));
  }

  private buttons(prefersDark: MediaQueryList): void {
    $("menu").onclick = () => this.fold(!$("panel").classList.contains("folded"));
    $("in").onclick = () => this.zoom(1.4);
    $("out").onclick = () => this.zoom(1 / 1.4);
    $("fit").onclick = () => this.fit();
    $("notice-close").onclick = () => { $("notice").hidden = true; };
    const recolour = (dark: boolean) => {
      this.palette = setTheme(dark);
      this.panel.paint();
      if (this.state.choices.picked !== null) this.card(this.state.choices.picked);
      this.redraw();
    };
    $("theme").onclick = () => recolour(!isDark());
    prefersDark.addEventListener("change", (event) => recolour(event.matches));
    for (const name of ["table", "about"]) {
      const sheet = $(name) as HTMLDetailsElement, button = $(`show-${name}`);
      button.onclick = () => { for (const other of sheets()) other.open = other === sheet && !sheet.open; };
      sheet.addEventListener("toggle", () => {
        button.setAttribute("aria-expanded", String(sheet.open));
        if (sheet.open) sheet.querySelector("summary")!.focus();
      });
    }
    addEventListener("beforeprint", () => { for (const sheet of sheets()) sheet.open = true; });
    addEventListener("afterprint", () => { for (const sheet of sheets()) sheet.open = false; });
    $("png").onclick = () => this.png();
    $("svg").onclick = () => {
      const over = (ctx: CanvasRenderingContext2D) => {
        this.overlay.forget();
        this.overlay.paint(ctx, innerWidth, innerHeight, this.renderer.camera());
        paintLegend(ctx, this.scene, (place) => this.colourOf(place), this.sheet());
      };
      save(svg(this.scene, this.sheet(), (i) => this.spot(i), this.renderer.camera().scale, over), "network.svg");
    };
    $("csv").onclick = () => save(csv(this.scene, this.shown()), "network.csv");
  }

  private sheet() {
    return { width: innerWidth, height: innerHeight, status: $("status").textContent!, palette: this.palette };
  }

  private png(): void {
    const ratio = Math.max(2, devicePixelRatio || 1); // fit for print
    const paper = make("canvas", { width: innerWidth * ratio, height: innerHeight * ratio });
    const ctx = paper.getContext("2d")!;
    ctx.scale(ratio, ratio);
    this.renderer.paint(ctx, innerWidth, innerHeight);
    this.overlay.paint(ctx, innerWidth, innerHeight, this.renderer.camera());
    paintLegend(ctx, this.scene, (place) => this.colourOf(place), this.sheet());
    paper.toBlob((blob) => { if (blob) save(blob, "network.png"); });
  }

  // The accounts that are shown now: all, those around the picked one, on the path, or in the reach set.
  private shown(): number[] {
    const { state, data } = this;
    const { picked, path, reach } = state.choices;
    if (path?.steps) return path.steps;
    if (reach) return [...reach.members.keys()].sort((a, b) => a - b);
    const found = new Set<number>();
    if (picked === null) for (let i = 0; i < data.n; i++) { if (state.visible[i]) found.add(i); }
    else {
      found.add(picked);
      for (const [edge, other] of state.edgesOf(picked)) if (state.shows(edge)) found.add(other);
    }
    return [...found].sort((a, b) => a - b);
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { choices } = this.state;
    const focused = document.activeElement as HTMLElement;
    if (event.key === "Escape") {
      const sheet = sheets().find((one) => one.open);
      if (sheet) {
        sheet.open = false;
        $(`show-${sheet.id}`).focus();
      } else if (choices.path || choices.reach) {
        choices.path = null;
        this.reach(0);
      } else if (choices.picked !== null) this.pick(null);
      return;
    }
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(focused.tagName) || sheets().some((sheet) => sheet.open)) return;
    const keys: Record<string, () => void> = {
      "/": () => $("find").focus(), "+": () => this.zoom(1.4), "=": () => this.zoom(1.4), "-": () => this.zoom(1 / 1.4), 0: () => this.fit(),
      ArrowLeft: () => this.pan(-60, 0), ArrowRight: () => this.pan(60, 0), ArrowUp: () => this.pan(0, -60), ArrowDown: () => this.pan(0, 60),
    };
    const act = keys[event.key];
    const onCard = focused.id === "card" && event.key.startsWith("Arrow"); // there they scroll
    if (!act || onCard) return;
    event.preventDefault();
    act();
  }

  private follow(): void {
    const match = /^#account=(.+)$/.exec(location.hash);
    if (!match) return;
    let wanted: string;
    try {
      wanted = decodeURIComponent(match[1]!).replace(/^@/, "").toLowerCase();
    } catch {
      return;
    }
    const i = this.data.handle.findIndex((handle) => handle.toLowerCase() === wanted);
    if (i >= 0 && i !== this.state.choices.picked) this.pick(i);
    else if (i < 0) notice("The account this link names is not drawn here.");
  }

  // What tests and the curious may ask of the page.
  private forTests() {
    return {
      ready: true,
      state: this.state,
      data: this.data,
      renderer: () => this.renderer.name,
      camera: () => this.renderer.camera(),
      look: (camera: Camera) => this.look(camera),
      spot: (i: number) => this.spot(i),
      free: () => this.free(),
      pick: (i: number | null) => this.pick(i),
      path: (end: number) => this.path(end),
      words: () => this.overlay,
    };
  }
}
