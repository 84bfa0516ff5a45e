// Filter, sort and open: conveniences only. Everything is in the markup and reads the same without this.
"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const rows = all("#verdict-table tbody tr[data-claim]");
  const cards = new Map(all("article.claim").map((card) => [card.dataset.claim, card]));
  const verdict = one("#filter-verdict"), text = one("#filter-text"), toggle = one("#toggle-evidence");
  const details = all("details");

  const say = (shown) => { one("#shown").textContent = `${shown} of ${rows.length} claims shown`; };

  function filter() {
    const wanted = text.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const card = cards.get(row.dataset.claim);
      const fits = (!verdict.value || row.dataset.verdict === verdict.value) && (!wanted || card.textContent.toLowerCase().includes(wanted));
      row.hidden = card.hidden = !fits;
      shown += fits;
    }
    say(shown);
  }

  function sort(header, column) {
    const down = header.getAttribute("aria-sort") === "ascending";
    const key = (row) => row.cells[column].textContent.trim();
    const ordered = [...rows].sort((a, b) => key(a).localeCompare(key(b), "en", { numeric: true }) * (down ? -1 : 1));
    for (const other of all("#verdict-table th[scope=col]")) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    one("#verdict-table tbody").append(...ordered);
  }

  function sortable(header, column) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    button.addEventListener("click", () => sort(header, column));
    header.append(button);
  }

  function openAll(open) {
    for (const one of details) one.open = open;
    toggle.setAttribute("aria-pressed", String(open));
    toggle.textContent = open ? "Close all evidence" : "Open all evidence";
  }

  function reveal() {
    const target = document.getElementById(location.hash.slice(1));
    if (!target || !target.closest("[hidden]")) return;
    verdict.value = text.value = "";
    filter();
    target.scrollIntoView();
  }

  if (rows.length) {
    one("[data-needs-script]").hidden = false;
    all("#verdict-table thead th").forEach(sortable);
    verdict.addEventListener("change", filter);
    text.addEventListener("input", filter);
    toggle.addEventListener("click", () => openAll(toggle.getAttribute("aria-pressed") !== "true"));
    addEventListener("hashchange", reveal);
    say(rows.length);
  }

  let before = [];
  addEventListener("beforeprint", () => { before = details.map((one) => one.open); for (const one of details) one.open = true; });
  addEventListener("afterprint", () => details.forEach((one, i) => { one.open = before[i]; }));
})();
