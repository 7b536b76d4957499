// The card of one account: who it is, how it ranks, whom it deals with, and where one can read it.

import type { Data } from "./data";
import { make, number } from "./dom";
import type { State } from "./state";

const TOP = 8;

export interface Actions {
  close(): void;
  pick(i: number): void;
  path(): void;
  reach(steps: number): void;
}

export function title(data: Data, i: number): string {
  if (data.redacted[i]) return "Not named";
  return data.handle[i] ? `@${data.handle[i]}` : data.name[i] || "account";
}

export function profileUrl(data: Data, i: number): string | null {
  const handle = data.handle[i]!;
  if (data.profile[i] === 1) return `https://x.com/${encodeURIComponent(handle)}`;
  if (data.profile[i] === 2) return `https://bsky.app/profile/${encodeURIComponent(handle)}`;
  if (data.profile[i] === 3) {
    const [name, host] = handle.split("@");
    return `https://${host}/@${encodeURIComponent(name!)}`;
  }
  return null;
}

const link = (href: string, text: string): HTMLAnchorElement => make("a", { href, rel: "noopener noreferrer", target: "_blank", textContent: text });

export function fillCard(card: HTMLElement, state: State, colourOf: (i: number) => string, i: number, actions: Actions): void {
  const { data } = state;
  const name = data.redacted[i] ? `Not named: under ${number(data.redactedBelow)} followers` : data.name[i] || title(data, i);
  card.setAttribute("aria-label", name);
  const close = make("button", { type: "button", textContent: "✕", onclick: actions.close, aria: { label: "Close" } });
  card.replaceChildren(make("div", { class: "top" }, make("h2", { dir: "auto", textContent: name }), close));
  if (data.handle[i]) {
    const url = profileUrl(data, i);
    card.append(make("p", { class: "quiet" }, url ? link(url, `@${data.handle[i]}`) : make("bdi", { textContent: `@${data.handle[i]}` })));
  }
  const dot = make("span", { class: "dot" });
  dot.style.background = colourOf(i);
  const said = [data.communities[data.community[i]!] ?? "no community", data.specialty?.[i]].filter(Boolean).join(" · ");
  card.append(make("p", { class: "circle" }, dot, make("span", { dir: "auto", textContent: said })));
  role(card, data, i);
  if (data.bio[i]) card.append(make("p", { dir: "auto", class: "bio", textContent: data.bio[i]! }));
  figures(card, data, i);
  const ways = make("div", { class: "ways" },
    make("button", { type: "button", id: "path-to", textContent: "Path to …", onclick: actions.path, aria: { controls: "path-form" } }),
    make("span", { class: "quiet", id: "reach-label", textContent: "Reach, steps" }),
    ...[1, 2, 3].map((steps) => make("button", { type: "button", class: "reach", textContent: String(steps), onclick: () => actions.reach(steps), aria: { pressed: "false", label: `Highlight who is reached in ${steps} ${steps === 1 ? "step" : "steps"}` } })));
  card.append(ways, make("p", { id: "way", class: "quiet", hidden: true, aria: { live: "polite" } }));
  tied(card, state, "Addressed by", "into", i, actions);
  tied(card, state, "Addresses", "out-of", i, actions);
  card.scrollTop = 0;
}

function role(card: HTMLElement, data: Data, i: number): void {
  const what = data.role?.[i];
  if (!what) return;
  const sure = data.probability?.[i];
  const share = sure !== undefined && Number.isFinite(sure) ? ` (probability ${number(sure, 2)})` : "";
  const line = make("p", { class: "role" }, make("b", { textContent: what }), share);
  if (data.evidence[i]) line.append(make("span", { class: "quiet", dir: "auto", textContent: ` because it says: ${data.evidence[i]}` }));
  card.append(line);
}

function figures(card: HTMLElement, data: Data, i: number): void {
  const facts = make("dl");
  const fact = (label: string, value: string, note = "") => {
    const shown = make("dd", { textContent: value });
    if (note) shown.append(" ", make("small", { textContent: note }));
    facts.append(make("dt", { textContent: label }), shown);
  };
  for (const measure of data.measures) {
    const rank = measure.ranks[i]!;
    const [low, high] = [measure.low?.[i], measure.high?.[i]];
    const interval = low && high ? ` (${number(low)}–${number(high)})` : "";
    fact(measure.label, number(measure.values[i]), rank ? `${number(rank)}${interval} of ${number(measure.of)}` : "");
  }
  for (const [label, column] of [["Followers", data.followers], ["Posts in the data", data.posts]] as const) {
    if (column && Number.isFinite(column[i]!)) fact(label, number(column[i]));
  }
  if (data.measures.some((measure) => measure.low)) facts.append(make("dt", { class: "note", textContent: "Rank, with its interval over resampled posts" }), make("dd"));
  card.append(facts);
}

function tied(card: HTMLElement, state: State, heading: string, side: "into" | "out-of", i: number, actions: Actions): void {
  const { data } = state;
  const inward = side === "into";
  const [start, edges, far] = inward ? [state.in, state.inEdges, data.from] : [state.out, state.outEdges, data.to];
  const all: number[] = [];
  for (let at = start[i]!; at < start[i + 1]!; at++) if (state.active[edges[at]!]! > 0) all.push(edges[at]!);
  all.sort((a, b) => state.active[b]! - state.active[a]! || a - b);
  const measure = data.measures.find(({ key }) => key === (inward ? "in_degree" : "out_degree"));
  const total = state.narrowed || !measure || !Number.isFinite(measure.values[i]!) ? all.length : measure.values[i]!;
  card.append(make("h3", { class: `head ${side}`, textContent: `${heading} (${number(total)})` }));
  if (!all.length) {
    card.append(make("p", { class: "quiet", textContent: total ? "Only accounts that are not drawn." : "Nobody." }));
    return;
  }
  const list = make("ol", {}, ...all.slice(0, TOP).map((edge) => {
    const other = far[edge]!;
    const name = make("button", { type: "button", class: "link", dir: "auto", textContent: title(data, other), onclick: () => actions.pick(other) });
    const end = make("span", {});
    for (let at = data.exampleStart[edge]!, nth = 1; at < data.exampleStart[edge + 1]!; at++, nth++) {
      const post = link(`https://x.com/i/status/${data.exampleId(at)}`, nth === 1 ? "post" : String(nth));
      const [speaker, spoken] = inward ? [other, i] : [i, other];
      post.setAttribute("aria-label", `Example post ${nth}: ${title(data, speaker)} to ${title(data, spoken)}`);
      end.append(post, " ");
    }
    end.append(`× ${number(state.active[edge]!)}`);
    return make("li", {}, name, end);
  }));
  card.append(list);
  const more = all.length - TOP;
  const undrawn = total - all.length;
  const rest = [more > 0 ? `${number(more)} more` : "", undrawn > 0 ? `${number(undrawn)} not drawn` : ""].filter(Boolean);
  if (rest.length) card.append(make("p", { class: "quiet", textContent: `and ${rest.join(", ")}` }));
}
