// A field that finds accounts by handle or name: type, arrows, Enter.

import { folded, make } from "./dom";

export interface Findable { handle: string; name: string }

const MOST = 8;

export class Combobox {
  private options: number[] = [];
  private active = -1;
  private searchable: Findable[] | null = null;

  constructor(
    private readonly field: HTMLInputElement,
    private readonly list: HTMLElement,
    private readonly accounts: () => Findable[],
    private readonly label: (i: number) => string,
    private readonly choose: (i: number) => void,
    private readonly leave: () => void = () => field.blur(),
  ) {
    field.addEventListener("input", () => this.search());
    field.addEventListener("blur", () => { list.hidden = true; this.mark(); });
    field.addEventListener("focus", () => { if (field.value) this.search(); });
    field.addEventListener("keydown", (event) => this.key(event));
  }

  private key(event: KeyboardEvent): void {
    const { options, field } = this;
    if (event.key === "Enter" && this.active >= 0) this.take(this.active);
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
      this.active = (this.active + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length;
      this.mark();
      event.preventDefault();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (field.value) {
        field.value = "";
        this.search();
      } else this.leave();
    }
  }

  private take(place: number): void {
    const i = this.options[place]!;
    this.field.value = "";
    this.search();
    this.choose(i);
  }

  private search(): void {
    this.searchable ??= this.accounts().map(({ handle, name }) => ({ handle: folded(handle), name: folded(name) }));
    const wanted = folded(this.field.value.trim().replace(/^@/, ""));
    const found: number[][] = [[], [], [], []];
    if (wanted) {
      this.searchable.forEach(({ handle, name }, i) => {
        const rank = handle === wanted ? 0 : handle.startsWith(wanted) ? 1
          : name.startsWith(wanted) || name.includes(` ${wanted}`) ? 2
          : handle.includes(wanted) || name.includes(wanted) ? 3 : 9;
        if (rank < 9 && found[rank]!.length < MOST) found[rank]!.push(i);
      });
    }
    this.options = found.flat().slice(0, MOST);
    this.active = this.options.length ? 0 : -1;
    const handles = this.accounts();
    this.list.replaceChildren(...this.options.map((i, place) => {
      const option = make("li", { id: `${this.list.id}-${place}`, aria: { role: "option" } }, make("b", { dir: "auto", textContent: this.label(i) }));
      if (handles[i]!.handle) option.append(make("span", { dir: "auto", textContent: `@${handles[i]!.handle}` }));
      option.addEventListener("mousedown", (event) => { event.preventDefault(); this.take(place); });
      return option;
    }));
    if (wanted && !this.options.length) {
      this.list.replaceChildren(make("li", { class: "quiet", textContent: "No drawn account is called that.", aria: { role: "option", disabled: "true", selected: "false" } }));
    }
    this.list.hidden = !wanted;
    this.mark();
  }

  private mark(): void {
    if (this.options.length) [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === this.active)));
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
    if (this.active >= 0 && !this.list.hidden) this.field.setAttribute("aria-activedescendant", `${this.list.id}-${this.active}`);
    else this.field.removeAttribute("aria-activedescendant");
  }
}
