(() => {
  const fold = (s) => s.replace(/[đĐ]/g, "d").normalize("NFD").replace(/\p{M}/gu, "")
    .toLowerCase().replace(/[\s\u200b\ufeff]+/g, " ").trim();
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const [name, period, state] = ["name", "period", "state"].map((id) => document.getElementById(id));
  const box = document.querySelector(".search"), output = box.querySelector("output");
  const lists = all(".list").map((table) => ({
    section: table.closest("section"), body: table.tBodies[0], p: table.dataset.p,
    rows: all("tbody tr", table).map((tr) => ({
      tr, name: fold(tr.cells[0].textContent), s: tr.dataset.s,
      keys: tr.dataset.k.split(";").map((k) => (k === "" ? null : Number(k))),
    })),
  }));
  const total = lists.reduce((sum, list) => sum + list.rows.length, 0);
  const matrices = all(".matrix").map((table) => ({
    table, section: table.closest("section"), columns: all("[data-p]", table),
    heads: all("thead [data-p]", table),
    lines: all("tbody tr", table).map((tr) => ({
      tr, name: fold(tr.cells[0].textContent), cells: all("td[data-s]", tr),
    })),
  }));

  const links = Object.fromEntries(
    all(".toc ol ol a").map((a) => [a.getAttribute("href").slice(1), a.parentElement]));
  const hide = (section, away, rows) => {
    section.hidden = away;
    links[section.id].hidden = away;
    section.style.setProperty("--rows", rows); // how high it is while out of view
  };
  const filter = () => {
    const words = fold(name.value), p = period.value, s = state.value;
    const fits = (text, at, is) => text.includes(words) && (!p || at === p) && (!s || is === s);
    let shown = 0;
    for (const list of lists) {
      const before = shown;
      for (const row of list.rows) {
        row.tr.hidden = !fits(row.name, list.p, row.s);
        shown += !row.tr.hidden;
      }
      hide(list.section, shown === before, shown - before);
    }
    for (const { table, section, columns, heads, lines } of matrices) {
      for (const cell of columns) cell.hidden = p !== "" && cell.dataset.p !== p;
      table.style.setProperty("--periods", heads.filter((c) => !c.hidden).length);
      for (const line of lines)
        line.tr.hidden = !line.cells.some((c) => fits(line.name, c.dataset.p, c.dataset.s));
      const left = lines.filter((line) => !line.tr.hidden).length;
      hide(section, left === 0, left);
    }
    const say = (n) => n.toLocaleString(document.documentElement.lang);
    output.textContent = output.dataset.text.replace("{shown}", say(shown))
      .replace("{all}", say(total));
  };

  const heads = all("th[data-sort]");
  const sort = (head) => {
    const up = head.getAttribute("aria-sort") !== "ascending", n = Number(head.dataset.sort);
    for (const other of heads) {
      if (other.dataset.sort !== head.dataset.sort) other.removeAttribute("aria-sort");
      else other.setAttribute("aria-sort", up ? "ascending" : "descending");
    }
    for (const list of lists) {
      list.rows.sort((a, b) => {
        const [x, y] = [a.keys[n], b.keys[n]];
        if (x === null || y === null) return (x === null) - (y === null);
        return up ? x - y : y - x;
      });
      list.body.append(...list.rows.map((row) => row.tr));
    }
  };
  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(head));
    head.append(button);
  }
  for (const field of [name, period, state]) field.addEventListener("input", filter);
  box.hidden = false;
  filter();
})();
