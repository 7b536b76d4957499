// The panel's controls: legend, colour, size, degree, relations, time.

import { isDark } from "./colours";
import { $, make, number } from "./dom";
import type { State } from "./state";

export interface Changes {
  filtered(): void; // who and what is shown
  tied(): void; // which posts count
  resized(): void;
  recoloured(): void;
}

const RELATIONS: Record<string, string> = {
  reply: "replies", mention: "mentions", mention_auto: "mentions by the platform", retweet: "reposts",
  retweet_manual: "reposts by hand", quote: "quotes",
};

export function buildPanel(state: State, changes: Changes): { paint(): void; sync(): void } {
  const { data, choices } = state;

  // Of the accounts that can be drawn: without WebGL these are fewer than the page holds.
  function countOf(place: number, count: number): number {
    return choices.core < data.n ? choices.legend.places.slice(0, choices.core).filter((one: number) => one === place).length : count;
  }

  function legend(): void {
    $("legend").replaceChildren(...choices.legend.entries.map((entry, i) => {
      const dot = make("span", { class: "dot" });
      dot.style.background = isDark() ? entry.dark : entry.light;
      const button = make("button", { type: "button", aria: { pressed: String(!choices.hidden.has(i)) } },
        dot, make("span", { class: "name", dir: "auto", textContent: entry.name }), make("span", { class: "count", textContent: number(countOf(i, entry.count)) }));
      button.dataset["place"] = String(i);
      button.addEventListener("click", () => {
        if (!choices.hidden.delete(i)) choices.hidden.add(i);
        changes.filtered();
      });
      return make("li", {}, button);
    }));
  }

  const color = $<HTMLSelectElement>("color"), size = $<HTMLSelectElement>("size");
  for (const one of data.legends) color.append(make("option", { value: one.key, textContent: one.label }));
  for (const measure of data.measures) size.append(make("option", { value: measure.key, textContent: measure.label }));
  color.value = choices.legend.key;
  size.value = choices.size;
  color.onchange = () => {
    choices.legend = data.legends.find((one) => one.key === color.value)!;
    choices.hidden.clear();
    legend();
    changes.recoloured();
  };
  size.onchange = () => {
    choices.size = size.value;
    changes.resized();
  };

  const least = $<HTMLInputElement>("least");
  const degrees = Uint32Array.from(state.degree).sort().reverse();
  least.max = String(Math.max(1, degrees[Math.min(degrees.length - 1, 9)] ?? 1)); // ten accounts stay at least
  least.oninput = () => {
    choices.least = Number(least.value);
    changes.filtered();
  };

  const relations = $("relations");
  let there = 0; // relations that some edge has
  for (let i = 0; i < data.ways.length; i++) there |= data.ways[i]!;
  relations.closest<HTMLElement>(".part")!.hidden = !(there & (there - 1));
  data.relations.forEach((relation, i) => {
    if (!(there & (1 << i))) return;
    const box = make("input", { type: "checkbox", checked: true });
    box.dataset["relation"] = relation;
    box.onchange = () => {
      choices.ways ^= 1 << i;
      changes.tied();
    };
    relations.append(make("label", {}, box, ` ${RELATIONS[relation] ?? relation}`));
  });

  const first = $<HTMLInputElement>("first"), last = $<HTMLInputElement>("last");
  const stops = data.windows.length;
  first.closest<HTMLElement>(".part")!.hidden = stops < 2;
  for (const [slider, start] of [[first, 0], [last, stops - 1]] as const) {
    slider.max = String(Math.max(0, stops - 1));
    slider.value = String(start);
    slider.oninput = () => {
      // One end pushes the other along.
      if (slider === first) choices.last = Math.max(choices.last, Number(first.value));
      else choices.first = Math.min(choices.first, Number(last.value));
      choices[slider === first ? "first" : "last"] = Number(slider.value);
      changes.tied();
    };
  }

  $("all").onclick = () => {
    choices.hidden.clear();
    choices.least = 0;
    choices.ways = (1 << data.relations.length) - 1 || 255;
    choices.first = 0;
    choices.last = Math.max(0, stops - 1);
    changes.tied();
  };

  function sync(): void {
    least.value = String(choices.least);
    $("least-shown").textContent = String(choices.least);
    first.value = String(choices.first);
    last.value = String(choices.last);
    $("time-shown").textContent = stops ? choices.first === choices.last ? data.windows[choices.first]! : `${data.windows[choices.first]} to ${data.windows[choices.last]}` : "";
    first.setAttribute("aria-valuetext", data.windows[choices.first] ?? "");
    last.setAttribute("aria-valuetext", data.windows[choices.last] ?? "");
    for (const box of relations.querySelectorAll("input")) box.checked = Boolean(choices.ways & (1 << data.relations.indexOf(box.dataset["relation"]!)));
    for (const button of $("legend").querySelectorAll("button")) button.setAttribute("aria-pressed", String(!choices.hidden.has(Number(button.dataset["place"]))));
    $("all").hidden = !choices.hidden.size && !choices.least && !state.narrowed;
  }
  legend();
  sync();
  return { paint: legend, sync };
}
